package sknet.kernel.nd4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.Rectifier;
import sknet.kernel.SumKernel;

/** A weighted sum, addend by addend. */
final class Nd4jSum implements SumKernel {
    private final List<Double> factors;
    private final Rectifier rectifier;

    Nd4jSum(List<Double> factors, Rectifier rectifier) {
        this.factors = List.copyOf(factors);
        this.rectifier = rectifier;
    }

    @Override
    public void forward(INDArray[] addends, INDArray output) {
        // The output may be one of the addends.
        INDArray sum = addends[0].mul(factors.get(0));
        for (int i = 1; i < addends.length; i++) {
            sum.addi(addends[i].mul(factors.get(i)));
        }
        output.assign(sum);
        if (rectifier == Rectifier.RELU) {
            Nd4j.exec(new RectifiedLinear(output, output, 0.0));
        }
    }

    @Override
    public void backward(INDArray output, INDArray outputGradient, INDArray[] gradients) {
        INDArray passed = outputGradient;
        if (rectifier == Rectifier.RELU) {
            passed = output.ulike();
            Nd4j.exec(new Step(output, passed, 0.0));
            passed.muli(outputGradient);
        }
        INDArray kept = passed.dup('c');
        for (int i = 0; i < gradients.length; i++) {
            kept.muli(factors.get(i), gradients[i]);
        }
    }

    @Override
    public void close() {}
}
