package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.AverageKernel;

/** A moving average in dense passes. */
final class Nd4jAverage implements AverageKernel {

    @Override
    public void add(INDArray average, INDArray parameters, double share) {
        try (INDArray difference = parameters.sub(average)) {
            average.addi(difference.muli(share));
        }
    }
}
