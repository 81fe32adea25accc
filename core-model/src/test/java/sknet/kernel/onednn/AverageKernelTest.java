package sknet.kernel.onednn;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Kernels;

class AverageKernelTest extends KernelTest {

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE"})
    void threeStepsFollowTheFormula(DataType type) {
        for (long length : new long[] {1, 15, 16, 210, 200_003}) {
            for (Kernels tested : List.of(kernels, PORTABLE)) {
                INDArray average = Samples.random(type, length);
                INDArray exact = Samples.exact(average);
                for (double decay : new double[] {0, 0.75, 0.9999}) {
                    INDArray parameters = Samples.random(type, length);
                    exact.muli(decay).addi(Samples.exact(parameters).mul(1 - decay));
                    tested.average(type).add(average, parameters, 1 - decay);
                    Samples.assertNothingWrittenBeside(parameters, "parameters");
                }
                Samples.assertClose(exact, average, "average of " + length);
                Samples.assertNothingWrittenBeside(average, "average of " + length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE"})
    void parametersThatStayAreTheAverageToTheBit(DataType type) {
        INDArray parameters = Samples.random(type, 1003);
        INDArray average = Samples.viewLike(parameters).assign(parameters);
        kernels.average(type).add(average, parameters, 1 - 0.9999);
        Samples.assertSameBits(parameters, average, "average");
    }
}
