package sknet.layer;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where arrays come from: dense, c-order, not initialised. */
@FunctionalInterface
interface Allocator {
    INDArray array(DataType type, long... shape);

    /** DL4J's workspaces. */
    static Allocator of(LayerWorkspaceMgr workspaces, ArrayType kind) {
        return (type, shape) -> workspaces.createUninitialized(kind, type, shape, 'c');
    }
}
