package sknet.layer;

import java.util.function.BiFunction;
import org.nd4j.linalg.api.buffer.DataType;
import sknet.kernel.Kernel;

/** The kernel of the present shape and data type, remade only when either changes. */
final class Shaped<S, K extends Kernel> {
    private final BiFunction<S, DataType, K> maker;
    private S shape;
    private DataType type;
    private K kernel;

    /** @param maker such as {@code kernels::pooling} */
    Shaped(BiFunction<S, DataType, K> maker) {
        this.maker = maker;
    }

    K of(S newShape, DataType newType) {
        if (!newShape.equals(shape) || newType != type) {
            if (kernel != null) {
                kernel.close();
            }
            kernel = maker.apply(newShape, newType);
            shape = newShape;
            type = newType;
        }
        return kernel;
    }

    /** The kernel of the last {@link #of}. */
    K last() {
        return kernel;
    }

    /** The shape of the last {@link #of}. */
    S shape() {
        return shape;
    }
}
