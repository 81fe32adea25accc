package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;

class OneDnnBatchNormTest {
    private static final double EPSILON = 1e-5;
    private final Kernels kernels = OneDnnKernels.over(Samples.PORTABLE);

    @BeforeEach
    void drawTheSameNumbers() {
        Nd4j.getRandom().setSeed(1);
    }

    @ParameterizedTest
    @EnumSource(Rectifier.class)
    void everyShapeOfTheGridAgreesWithThePortableKernel(Rectifier rectifier) {
        for (int batch : new int[] {1, 5, 64}) {
            for (int channels : new int[] {1, 3, 8, 12, 16, 20, 24, 64}) {
                for (int size : new int[] {1, 7, 14}) {
                    if (batch * size > 1) {
                        compare(new ChannelShape(batch, channels, size, size), rectifier);
                    }
                }
            }
        }
    }

    private void compare(ChannelShape shape, Rectifier rectifier) {
        try (BatchNormKernel expected = Samples.PORTABLE.batchNorm(shape, rectifier, EPSILON, DataType.FLOAT);
             BatchNormKernel actual = kernels.batchNorm(shape, rectifier, EPSILON, DataType.FLOAT)) {
            assertEquals(OneDnnBatchNorm.class, actual.getClass());
            for (int pass = 0; pass < 2; pass++) {
                long[] maps = {shape.batch(), shape.channels(), shape.height(), shape.width()};
                INDArray x = Samples.random(maps).addi(0.5);
                INDArray dy = Samples.random(maps);
                INDArray gamma = Samples.random(shape.channels());
                INDArray beta = Samples.random(shape.channels());
                INDArray[] found = run(actual, packed(x), packed(dy), gamma, beta, null);
                INDArray[] again = run(actual, packed(x), packed(dy), gamma, beta, null);
                // The rectifier's derivative jumps at 0, which rounding may fall on either side of: both shall take the same side.
                INDArray[] reference = run(expected, x, dy, gamma, beta, kernels.plain(found[0]));
                for (int i = 0; i < found.length; i++) {
                    String what = "result " + i + " of " + shape + " " + rectifier;
                    if (i == 2 || i == 3) {
                        Samples.assertSumsClose(reference[i], found[i], shape.valuesPerChannel(), what);
                    } else {
                        Samples.assertClose(reference[i], found[i].rank() == 4 ? kernels.plain(found[i]) : found[i], what);
                    }
                    Samples.assertSameBits(found[i], again[i], what + " in a second run");
                    Samples.assertNothingWrittenBeside(found[i], what);
                }
            }
        }
    }

    private INDArray packed(INDArray plain) {
        return Samples.view(plain.shape()).assign(kernels.packed(plain));
    }

    /** @param rectified the output that backward reads the rectifier's derivative off; null for the kernel's own */
    private static INDArray[] run(BatchNormKernel kernel, INDArray x, INDArray dy, INDArray gamma, INDArray beta,
                                  INDArray rectified) {
        INDArray y = Samples.view(x.shape());
        INDArray dx = Samples.view(x.shape());
        INDArray dGamma = Samples.view(gamma.shape());
        INDArray dBeta = Samples.view(gamma.shape());
        INDArray evaluated = Samples.view(x.shape());
        kernel.forward(x, gamma, beta, y);
        kernel.backward(x, rectified == null ? y : rectified, dy, gamma, dx, dGamma, dBeta);
        INDArray zeros = gamma.like();
        INDArray mean = Samples.view(gamma.shape());
        INDArray variance = Samples.view(gamma.shape());
        kernel.statisticGradients(-1, zeros, zeros, mean, variance);
        kernel.inference(x, gamma, beta, mean, variance, evaluated);
        return new INDArray[] {y, dx, dGamma, dBeta, evaluated, mean, variance};
    }

    @Test
    void theGradientMayOverwriteTheOneItComesFrom() {
        for (int channels : new int[] {3, 16}) {
            ChannelShape shape = new ChannelShape(5, channels, 7, 7);
            try (BatchNormKernel kernel = kernels.batchNorm(shape, Rectifier.RELU, EPSILON, DataType.FLOAT)) {
                INDArray x = Samples.random(5, channels, 7, 7);
                INDArray gamma = Samples.random(channels);
                INDArray y = x.like();
                kernel.forward(x, gamma, gamma, y);
                INDArray dy = Samples.random(x.shape());
                INDArray dx = x.like();
                kernel.backward(x, y, dy, gamma, dx, gamma.like(), gamma.like());
                kernel.backward(x, y, dy, gamma, dy, gamma.like(), gamma.like());
                Samples.assertSameBits(dx, dy, channels + " channels in place");
            }
        }
    }
}
