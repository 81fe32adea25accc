package sknet.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.ChannelRun;
import sknet.kernel.ChannelShape;
import sknet.kernel.GatherKernel;
import sknet.kernel.GatherShape;
import sknet.kernel.Kernels;

/** Maps that are put together from channels of others: concatenation, slices and shuffles. */
public final class ChannelGather extends KernelVertex {
    private static final long serialVersionUID = 1L;

    @JsonProperty private List<Long> inChannels;
    @JsonProperty private List<ChannelRun> runs;

    /** For DL4J's JSON. */
    ChannelGather() {}

    private ChannelGather(List<Long> inChannels, List<ChannelRun> runs) {
        this.inChannels = List.copyOf(inChannels);
        this.runs = List.copyOf(runs);
    }

    /** One input's channels after the other's. */
    public static ChannelGather concatenation(List<Long> inChannels) {
        List<ChannelRun> runs = new ArrayList<>();
        int target = 0;
        for (int i = 0; i < inChannels.size(); i++) {
            int count = Math.toIntExact(inChannels.get(i));
            runs.add(new ChannelRun(i, 0, count, target, 1));
            target += count;
        }
        return new ChannelGather(inChannels, runs);
    }

    /** Some channels of one input. */
    public static ChannelGather slice(long inChannels, int first, int count) {
        return new ChannelGather(List.of(inChannels), List.of(new ChannelRun(0, first, count, 0, 1)));
    }

    /** The channels of several inputs by turns: ShuffleNet's shuffle of what it has concatenated (Zhang et al., 2018). */
    public static ChannelGather interleaving(int inputs, long channels) {
        List<ChannelRun> runs = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            runs.add(new ChannelRun(i, 0, Math.toIntExact(channels), i, inputs));
        }
        return new ChannelGather(Collections.nCopies(inputs, channels), runs);
    }

    /** Channels of each input. */
    public List<Long> inChannels() {
        return inChannels;
    }

    public List<ChannelRun> runs() {
        return runs;
    }

    /** Channels of the output. */
    public int outChannels() {
        return runs.stream().mapToInt(ChannelRun::count).sum();
    }

    @Override
    int inputs() {
        return inChannels.size();
    }

    @Override
    List<?> settings() {
        return List.of(inChannels, runs);
    }

    @Override
    InputType output(List<InputTypeConvolutional> inputs) {
        List<Long> channels = inputs.stream().map(InputTypeConvolutional::getChannels).toList();
        if (!channels.equals(inChannels) || inputs.stream().anyMatch(input -> input.getHeight() != inputs.get(0).getHeight()
                || input.getWidth() != inputs.get(0).getWidth())) {
            throw new IllegalStateException("Cannot gather channels of " + inputs + " (expected maps of one size with " + inChannels + " channels)");
        }
        return InputType.convolutional(inputs.get(0).getHeight(), inputs.get(0).getWidth(), outChannels());
    }

    @Override
    VertexUnit unit(Kernels kernels) {
        Shaped<GatherShape, GatherKernel> kernel = new Shaped<>(kernels::gather);
        return new VertexUnit() {
            @Override
            public INDArray forward(INDArray[] inputs, Allocator inner, Allocator output) {
                INDArray first = inputs[0];
                INDArray gathered = output.array(first.dataType(), first.size(0), outChannels(), first.size(2), first.size(3));
                GatherShape shape = new GatherShape(Arrays.stream(inputs).map(ChannelShape::of).toList(), ChannelShape.of(gathered), runs);
                kernel.of(shape, first.dataType()).forward(inputs, gathered);
                return gathered;
            }

            @Override
            public void backward(INDArray[] inputs, INDArray output, INDArray outputGradient, INDArray[] inputGradients, Allocator inner) {
                kernel.last().backward(outputGradient, inputGradients);
            }
        };
    }
}
