package sknet.kernel.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The native memory of one kernel: allocated outside of every workspace, zeroed, freed together. */
final class Buffers implements AutoCloseable {
    private final DataType type;
    private final List<INDArray> owned = new ArrayList<>();

    Buffers(DataType type) {
        this.type = type;
    }

    /** A new dense array of zeros. */
    INDArray zeros(long... shape) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray array = Nd4j.create(type, shape);
            owned.add(array);
            return array;
        }
    }

    /** A new dense array that holds one value everywhere. */
    INDArray filled(double value, long... shape) {
        return zeros(shape).assign(value);
    }

    /** A view with strides of its own; its elements may overlap. */
    static INDArray view(INDArray base, long offset, long[] shape, long... strides) {
        return Nd4j.create(base.data(), shape, strides, base.offset() + offset, 'c');
    }

    @Override
    public void close() {
        owned.forEach(INDArray::close);
        owned.clear();
    }
}
