package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** One step of SGD with momentum on neighbouring parameters, all dense vectors of one length. */
public interface StepKernel {

    /**
     * The numbers of a step.
     *
     * @param gradient what the gradient is multiplied by first
     * @param decay    share of the parameter that is added to it
     * @param momentum of the velocity
     * @param learning rate
     */
    record Rates(double gradient, double decay, double momentum, double learning) {}

    /**
     * velocity = momentum * velocity + gradient * g + decay * parameters; parameters -= learning * velocity.
     *
     * @param gradient may be overwritten
     */
    void take(INDArray parameters, INDArray gradient, INDArray velocity, Rates rates);

    /** The sum of a gradient's squares, in float64; the same bits for any number of threads. */
    double squares(INDArray gradient);
}
