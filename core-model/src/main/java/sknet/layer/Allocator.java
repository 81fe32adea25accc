package sknet.layer;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where arrays come from: dense, c-order, not initialised. */
@FunctionalInterface
interface Allocator {
    INDArray array(DataType type, long... shape);
}
