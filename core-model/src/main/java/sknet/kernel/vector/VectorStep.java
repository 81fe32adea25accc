package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.StepKernel;

/** A step of SGD in one pass over parameters, gradients and velocities. */
final class VectorStep implements StepKernel {
    private static final Lanes LANES = new FloatLanes();

    @Override
    public void take(INDArray parameters, INDArray gradient, INDArray velocity, Rates rates) {
        ByteBuffer p = Memory.bytes(parameters);
        ByteBuffer g = Memory.bytes(gradient);
        ByteBuffer v = Memory.bytes(velocity);
        new Parts(Math.toIntExact(parameters.length())).run((start, end) -> take(p, g, v, start, end, (float) rates.gradient(),
                (float) rates.decay(), (float) rates.momentum(), (float) -rates.learning()));
    }

    private static void take(ByteBuffer p, ByteBuffer g, ByteBuffer v, int start, int end, float share, float decay, float momentum,
                             float rate) {
        int whole = start + Lanes.whole(end - start);
        FloatVector shares = FloatVector.broadcast(Lanes.SPECIES, share);
        FloatVector decays = FloatVector.broadcast(Lanes.SPECIES, decay);
        FloatVector momenta = FloatVector.broadcast(Lanes.SPECIES, momentum);
        FloatVector rates = FloatVector.broadcast(Lanes.SPECIES, rate);
        for (int i = start; i < whole; i += Lanes.WIDTH) {
            FloatVector parameter = LANES.load(p, i);
            FloatVector velocity = LANES.load(v, i).fma(momenta, parameter.fma(decays, LANES.load(g, i).mul(shares)));
            LANES.store(velocity, v, i);
            LANES.store(velocity.fma(rates, parameter), p, i);
        }
        for (int i = whole; i < end; i++) {
            float parameter = LANES.get(p, i);
            float velocity = Math.fma(LANES.get(v, i), momentum, Math.fma(parameter, decay, LANES.get(g, i) * share));
            LANES.put(velocity, v, i);
            LANES.put(Math.fma(velocity, rate, parameter), p, i);
        }
    }

    @Override
    public double squares(INDArray gradient) {
        ByteBuffer g = Memory.bytes(gradient);
        return new Parts(Math.toIntExact(gradient.length())).sum((start, end) -> squares(g, start, end));
    }

    /**
     * Not in vectors, whose length would decide the order of the sum: replicas on different processors would clip by different norms. Four
     * sums, so that no addition waits for the one before it; memory is the limit then.
     */
    private static double squares(ByteBuffer g, int start, int end) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = start;
        for (; i <= end - 4; i += 4) {
            first += square(g, i);
            second += square(g, i + 1);
            third += square(g, i + 2);
            fourth += square(g, i + 3);
        }
        for (; i < end; i++) {
            first += square(g, i);
        }
        return first + second + (third + fourth);
    }

    private static double square(ByteBuffer g, int at) {
        double value = LANES.get(g, at);
        return value * value;
    }
}
