package sknet.kernel.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.desc;

/**
 * Activations in oneDNN's layouts that live for one run only, so that the operations of a kernel share them: one on either side for each
 * layout.
 */
final class Scratch implements AutoCloseable {
    private final Device device;
    private final List<Entry> entries = new ArrayList<>();

    /** Which activations of a kernel: both are in use at the same time. */
    enum Side {
        SOURCE, TARGET
    }

    private record Entry(Side side, memory memory) {}

    Scratch(Device device) {
        this.device = device;
    }

    memory of(Side side, desc layout) {
        for (Entry entry : entries) {
            if (entry.side == side && entry.memory.get_desc().equals(layout)) {
                return entry.memory;
            }
        }
        memory made = new memory(layout, device.engine());
        made.retainReference();
        entries.add(new Entry(side, made));
        return made;
    }

    @Override
    public void close() {
        entries.forEach(entry -> entry.memory.close());
        entries.clear();
    }
}
