package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Kernels;
import sknet.kernel.StepKernel.Rates;

class StepKernelTest extends KernelTest {

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE"})
    void twoStepsFollowTheFormulas(DataType type) {
        for (long length : new long[] {1, 15, 16, 210, 200_003}) {
            for (Rates rates : List.of(new Rates(0.25, 0.01, 0.9, 0.1), new Rates(1, 0, 0, 0.5))) {
                compare(type, length, rates);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE"})
    void squaresAddUpToTheSameBitsForAnyNumberOfThreads(DataType type) {
        for (long length : new long[] {1, 3, 16, 210, 65_536, 200_003}) {
            INDArray gradient = Samples.random(type, length);
            double exact = Arrays.stream(Samples.exact(gradient).data().asDouble()).map(value -> value * value).sum();
            for (Kernels tested : List.of(kernels, PORTABLE)) {
                double squares = tested.step(type).squares(gradient);
                assertEquals(exact, squares, 1e-13 * exact, "of " + length);
                for (int threads : new int[] {2, 3}) {
                    assertEquals(squares, withThreads(threads, () -> tested.step(type).squares(gradient)), "by " + threads + " threads");
                }
            }
            Samples.assertNothingWrittenBeside(gradient, "gradient");
        }
    }

    private void compare(DataType type, long length, Rates rates) {
        INDArray parameters = Samples.random(type, length);
        INDArray velocity = Samples.random(type, length);
        INDArray exactParameters = Samples.exact(parameters);
        INDArray exactVelocity = Samples.exact(velocity);
        for (int step = 0; step < 2; step++) {
            INDArray gradient = Samples.random(type, length);
            exactVelocity.muli(rates.momentum()).addi(Samples.exact(gradient).mul(rates.gradient()))
                    .addi(exactParameters.mul(rates.decay()));
            exactParameters.subi(exactVelocity.mul(rates.learning()));
            kernels.step(type).take(parameters, gradient, velocity, rates);
            Samples.assertNothingWrittenBeside(gradient, "gradient");
        }
        String of = " of " + length + " by " + rates;
        Samples.assertClose(exactVelocity, velocity, "velocity" + of);
        Samples.assertClose(exactParameters, parameters, "parameters" + of);
        Samples.assertNothingWrittenBeside(velocity, "velocity" + of);
        Samples.assertNothingWrittenBeside(parameters, "parameters" + of);
    }
}
