package sknet.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The end of a residual block: relu(a + b) of two inputs of the same shape.
 *
 * <p>DL4J's ElementWiseVertex and ActivationLayer do the same in several times the passes. Where a gradient of one input must not appear in
 * that of the other, as between unrelated branches, use those: here both inputs get the same array of gradients.
 */
public final class ResidualSum extends GraphVertex {
    private static final long serialVersionUID = 1L;

    @Override
    public ResidualSum clone() {
        return new ResidualSum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResidualSum;
    }

    @Override
    public int hashCode() {
        return ResidualSum.class.hashCode();
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(ComputationGraph graph, String name, int index,
            INDArray params,
                                                                      boolean initializeParams, DataType type) {
        return new ResidualSumRuntime(graph, name, index, type);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        if (!inputs[0].equals(inputs[1])) {
            throw new IllegalStateException("Cannot add a residual: inputs " + Arrays.toString(inputs)
                    + " (expected equal shapes)");
        }
        return inputs[0];
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputs) {
        return new LayerMemoryReport.Builder(null, getClass(), inputs[0], inputs[0]).standardMemory(0, 0).workingMemory(0, 0, 0,
                0)
                .cacheMemory(0, 0).build();
    }
}
