package sknet.kernel.onednn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.stream;

/** oneDNN's CPU engine and the stream that runs its primitives, in the calling thread and its OpenMP team. */
final class Device {
    private final engine engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
    private final stream stream = new stream(engine);

    engine engine() {
        return engine;
    }

    stream stream() {
        return stream;
    }
}
