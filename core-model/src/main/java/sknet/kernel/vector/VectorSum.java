package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Rectifier;
import sknet.kernel.SumKernel;

/** A weighted sum in one pass over all addends, and its gradients in one. */
final class VectorSum implements SumKernel {
    private final Parts parts;
    private final float[] factors;
    private final boolean rectifies;
    private final Lanes lanes;

    VectorSum(int length, List<Double> factors, Rectifier rectifier, Lanes lanes) {
        parts = new Parts(length);
        this.factors = new float[factors.size()];
        for (int i = 0; i < this.factors.length; i++) {
            this.factors[i] = factors.get(i).floatValue();
        }
        rectifies = rectifier == Rectifier.RELU;
        this.lanes = lanes;
    }

    @Override
    public void forward(INDArray[] addends, INDArray output) {
        ByteBuffer[] x = Memory.of(addends);
        ByteBuffer y = Memory.bytes(output);
        parts.run((start, end) -> {
            int at = start;
            for (; at <= end - Lanes.WIDTH; at += Lanes.WIDTH) {
                FloatVector sum = lanes.load(x[0], at).mul(factors[0]);
                for (int i = 1; i < factors.length; i++) {
                    sum = lanes.load(x[i], at).fma(FloatVector.broadcast(Lanes.SPECIES, factors[i]), sum);
                }
                lanes.store(rectifies ? sum.max(0) : sum, y, at);
            }
            for (; at < end; at++) {
                float sum = lanes.get(x[0], at) * factors[0];
                for (int i = 1; i < factors.length; i++) {
                    sum = Math.fma(lanes.get(x[i], at), factors[i], sum);
                }
                lanes.put(rectifies ? Math.max(sum, 0) : sum, y, at);
            }
        });
    }

    @Override
    public void backward(INDArray output, INDArray outputGradient, INDArray[] gradients) {
        ByteBuffer y = Memory.bytes(output);
        ByteBuffer dy = Memory.bytes(outputGradient);
        ByteBuffer[] dx = Memory.of(gradients);
        parts.run((start, end) -> {
            FloatVector zero = FloatVector.zero(Lanes.SPECIES);
            int at = start;
            for (; at <= end - Lanes.WIDTH; at += Lanes.WIDTH) {
                FloatVector gradient = lanes.load(dy, at);
                FloatVector passed = rectifies ? zero.blend(gradient, zero.lt(lanes.load(y, at))) : gradient;
                for (int i = 0; i < factors.length; i++) {
                    lanes.store(passed.mul(factors[i]), dx[i], at);
                }
            }
            for (; at < end; at++) {
                float passed = !rectifies || lanes.get(y, at) > 0 ? lanes.get(dy, at) : 0;
                for (int i = 0; i < factors.length; i++) {
                    lanes.put(passed * factors[i], dx[i], at);
                }
            }
        });
    }

    @Override
    public void close() {}
}
