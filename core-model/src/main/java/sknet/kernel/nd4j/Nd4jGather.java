package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelRun;
import sknet.kernel.GatherKernel;
import sknet.kernel.GatherShape;

/** Copies channels view by view. */
final class Nd4jGather implements GatherKernel {
    private final GatherShape shape;

    Nd4jGather(GatherShape shape) {
        this.shape = shape;
    }

    @Override
    public void forward(INDArray[] inputs, INDArray output) {
        for (ChannelRun run : shape.runs()) {
            target(run, output).assign(source(run, inputs[run.input()]));
        }
    }

    @Override
    public void backward(INDArray outputGradient, INDArray[] inputGradients) {
        for (INDArray gradient : inputGradients) {
            gradient.assign(0);
        }
        for (ChannelRun run : shape.runs()) {
            source(run, inputGradients[run.input()]).assign(target(run, outputGradient));
        }
    }

    private static INDArray source(ChannelRun run, INDArray input) {
        return channels(input, run.first(), 1, run.count());
    }

    private static INDArray target(ChannelRun run, INDArray output) {
        return channels(output, run.target(), run.step(), run.count());
    }

    private static INDArray channels(INDArray maps, int first, int step, int count) {
        long[] shape = {maps.size(0), count, maps.size(2), maps.size(3)};
        long pixels = maps.size(2) * maps.size(3);
        return Buffers.view(maps, first * pixels, shape, maps.size(1) * pixels, step * pixels, maps.size(3), 1);
    }

    @Override
    public void close() {}
}
