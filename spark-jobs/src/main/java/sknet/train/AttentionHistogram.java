package sknet.train;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.layer.AttentionSource;
import sknet.model.SelectiveUnit;
import sknet.tensorboard.Histogram;

/**
 * The attention weights (equation 5) that an SK unit gave one of its kernels in a forward pass, over images and channels.
 *
 * @param unit    its name, like {@code SK_2_1}
 * @param kernel  its name, like {@code 5x5}
 * @param weights of all images and channels
 */
public record AttentionHistogram(String unit, String kernel, Histogram weights) {

    /** Of the last forward pass of a network, one a unit and kernel; none of a network without SK units. Changes nothing in it. */
    static List<AttentionHistogram> of(ComputationGraph network) {
        List<AttentionHistogram> histograms = new ArrayList<>();
        for (SelectiveUnit unit : SelectiveUnit.of(network.getConfiguration())) {
            INDArray attention = ((AttentionSource) network.getLayer(unit.layer())).attention();
            float[][] byBranch = attention.permute(1, 0, 2).reshape(attention.size(1), attention.length() / attention.size(1)).toFloatMatrix();
            for (SelectiveUnit.Kernel kernel : unit.kernels()) {
                histograms.add(new AttentionHistogram(unit.name(), kernel.name(), Histogram.of(byBranch[kernel.branch()])));
            }
        }
        return histograms;
    }

    /** Its chart in TensorBoard, whose names have no blanks. */
    String tag() {
        return "attention/" + unit + "/" + kernel.replace(' ', '-');
    }
}
