package sknet.layer;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A look at what a layer keeps for its backward pass, for tests of other packages. */
public final class KeptActivations {
    private KeptActivations() {}

    /** The intermediate results of a running layer's last forward pass, by name; without workspaces. */
    public static Map<String, INDArray> of(Layer layer) {
        return ((KernelLayerRuntime) layer).kept();
    }
}
