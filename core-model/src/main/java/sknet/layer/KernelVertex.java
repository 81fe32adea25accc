package sknet.layer;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Kernels;

/** The configuration of a vertex without parameters that runs on the project's own kernels: what takes several maps, or some of their channels. */
public abstract sealed class KernelVertex extends GraphVertex permits ChannelGather, Sum, Gate, Resize, PixelStack {
    private static final long serialVersionUID = 1L;

    /** The arithmetic. */
    abstract VertexUnit unit(Kernels kernels);

    /** The output for these inputs. */
    abstract InputType output(List<InputTypeConvolutional> inputs);

    /** How many inputs there are. */
    abstract int inputs();

    /** A vertex does not change. */
    @Override
    public final GraphVertex clone() {
        return this;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof KernelVertex vertex && vertex.getClass() == getClass() && vertex.settings().equals(settings());
    }

    @Override
    public final int hashCode() {
        return settings().hashCode();
    }

    /** What tells it from others of its class. */
    abstract List<?> settings();

    @Override
    public final long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public final int minVertexInputs() {
        return inputs();
    }

    @Override
    public final int maxVertexInputs() {
        return inputs();
    }

    @Override
    public final org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(ComputationGraph graph, String name, int index, INDArray parameters,
                                                                             boolean initialize, DataType type) {
        return new KernelVertexRuntime(graph, name, index, this, type);
    }

    @Override
    public final InputType getOutputType(int index, InputType... types) {
        return output(List.of(types).stream().map(KernelVertex::maps).toList());
    }

    private static InputTypeConvolutional maps(InputType type) {
        if (type instanceof InputTypeConvolutional maps) {
            return maps;
        }
        throw new IllegalStateException("Cannot connect a vertex: input " + type + " (expected maps [N, C, H, W])");
    }

    @Override
    public final MemoryReport getMemoryReport(InputType... types) {
        InputType output = getOutputType(-1, types);
        return new LayerMemoryReport.Builder(null, getClass(), types[0], output).standardMemory(0, 0)
                .workingMemory(0, 0, 0, output.arrayElementsPerExample()).cacheMemory(0, 0).build();
    }
}
