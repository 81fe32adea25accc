package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Maps {@code [N, C, H, W]} of a fixed {@link ChannelShape} times (offset + gate), where the gate's values go for what its {@link Extent} says. */
public interface GateKernel extends Kernel {

    /** What a value of the gate is for. */
    enum Extent {
        /** A map: gates {@code [N, C, 1, 1]}. */
        MAP,
        /** A pixel of all maps: gates {@code [N, 1, H, W]}. */
        PIXEL,
        /** A value: gates {@code [N, C, H, W]}. */
        VALUE;

        /** What gates of this shape are for, which need not differ from maps of another number of channels or pixels. */
        public static Extent of(ChannelShape maps, ChannelShape gates) {
            if (gates.equals(maps)) {
                return VALUE;
            }
            if (gates.channels() == maps.channels() && gates.pixels() == 1) {
                return MAP;
            }
            if (gates.channels() == 1 && gates.pixels() == maps.pixels()) {
                return PIXEL;
            }
            throw new IllegalArgumentException("Cannot gate " + maps + " by " + gates + " (expected a value a map, a pixel or a value)");
        }
    }

    /** output = input * (offset + gates). */
    void forward(INDArray input, INDArray gates, INDArray output);

    /**
     * The gradients.
     *
     * @param inputGradient may be the same array as {@code outputGradient}
     * @param gateGradient  another array than all the others
     */
    void backward(INDArray input, INDArray gates, INDArray outputGradient, INDArray inputGradient, INDArray gateGradient);
}
