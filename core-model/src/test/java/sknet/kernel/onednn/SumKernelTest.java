package sknet.kernel.onednn;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.kernel.SumKernel;

class SumKernelTest extends KernelTest {

    @ParameterizedTest
    @CsvSource({"FLOAT, NONE", "FLOAT, RELU", "BFLOAT16, NONE", "BFLOAT16, RELU"})
    void sumsOfEveryLengthAgree(DataType type, Rectifier rectifier) {
        for (long length : new long[] {1, 15, 16, 210, 200_003}) {
            INDArray a = Samples.random(type, length);
            INDArray b = Samples.random(type, length);
            INDArray dy = Samples.random(type, length);
            Samples.assertClose(run(PORTABLE, rectifier, Samples.exact(a), Samples.exact(b), Samples.exact(dy)),
                    run(kernels, rectifier, a, b, dy), "a sum of " + length + " values");
        }
    }

    private static Map<String, INDArray> run(Kernels kernels, Rectifier rectifier, INDArray a, INDArray b, INDArray dy) {
        INDArray y = Samples.viewLike(a);
        INDArray dx = Samples.viewLike(a);
        try (SumKernel sum = kernels.sum(a.length(), rectifier, a.dataType())) {
            sum.forward(a, b, y);
            sum.backward(y, dy, dx);
        }
        return Samples.plain(kernels, Map.of("output", y, "gradient", dx));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, NONE", "FLOAT, RELU", "BFLOAT16, NONE", "BFLOAT16, RELU"})
    void theOutputMayBeAnAddend(DataType type, Rectifier rectifier) {
        INDArray a = Samples.random(type, 210);
        INDArray b = Samples.random(type, 210);
        INDArray expected = run(kernels, rectifier, a, b, b).get("output");
        try (SumKernel sum = kernels.sum(210, rectifier, type)) {
            INDArray first = a.dup();
            sum.forward(first, b, first);
            Samples.assertSameBits(expected, first, "the sum in place of the first addend");
            INDArray second = b.dup();
            sum.forward(a, second, second);
            Samples.assertSameBits(expected, second, "the sum in place of the second addend");
        }
    }
}
