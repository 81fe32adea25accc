package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.StepKernel;

/** A step of SGD in dense passes. */
final class Nd4jStep implements StepKernel {

    @Override
    public void take(INDArray parameters, INDArray gradient, INDArray velocity, Rates rates) {
        gradient.muli(rates.gradient());
        if (rates.decay() != 0) {
            add(rates.decay(), parameters, gradient);
        }
        velocity.muli(rates.momentum()).addi(gradient);
        add(-rates.learning(), velocity, parameters);
    }

    private static void add(double factor, INDArray from, INDArray to) {
        Nd4j.getBlasWrapper().level1().axpy(from.length(), factor, from, to);
    }
}
