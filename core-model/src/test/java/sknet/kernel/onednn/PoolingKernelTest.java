package sknet.kernel.onednn;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.PoolingShape.Method;

class PoolingKernelTest extends KernelTest {

    @ParameterizedTest
    @CsvSource({"FLOAT, 3", "FLOAT, 16", "FLOAT, 24", "FLOAT, 64", "FLOAT, 116", "BFLOAT16, 16", "BFLOAT16, 24", "BFLOAT16, 116"})
    void theLargestOfWindowsAgrees(DataType type, int channels) {
        Processor.assumeServed(type);
        ChannelShape input = new ChannelShape(3, channels, 13, 12);
        for (PoolingShape shape : List.of(new PoolingShape(input, Method.MAX, 3, 2, 1), new PoolingShape(input, Method.MAX, 2, 2, 0))) {
            compare(shape, Samples.random(type, 3, channels, 13, 12),
                    Samples.random(type, 3, channels, shape.outHeight(), shape.outWidth()));
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 16", "FLOAT, 24", "FLOAT, 116", "BFLOAT16, 16", "BFLOAT16, 24"})
    void theMeanOfWindowsAndTheLargestOfMapsAgree(DataType type, int channels) {
        Processor.assumeServed(type);
        ChannelShape input = new ChannelShape(3, channels, 13, 12);
        for (PoolingShape shape : List.of(new PoolingShape(input, Method.AVERAGE, 3, 1, 1), new PoolingShape(input, Method.AVERAGE, 2, 2, 0),
                new PoolingShape(input, Method.GLOBAL_MAX, 0, 0, 0))) {
            compare(shape, Samples.random(type, 3, channels, 13, 12),
                    Samples.random(type, 3, channels, shape.outHeight(), shape.outWidth()));
        }
    }

    /** The means and their gradients are float32 whatever the maps are. */
    @ParameterizedTest
    @CsvSource({"FLOAT, 3", "FLOAT, 16", "FLOAT, 24", "FLOAT, 64", "FLOAT, 116", "BFLOAT16, 16", "BFLOAT16, 24", "BFLOAT16, 116"})
    void theMeanOfMapsAgrees(DataType type, int channels) {
        Processor.assumeServed(type);
        for (int size : new int[] {1, 7, 40}) {
            compare(PoolingShape.globalAverage(new ChannelShape(3, channels, size, size + 1)),
                    Samples.random(type, 3, channels, size, size + 1), Samples.random(DataType.FLOAT, 3, channels));
        }
    }

    private void compare(PoolingShape shape, INDArray x, INDArray dy) {
        Samples.assertClose(run(PORTABLE, shape, Samples.exact(x), Samples.exact(dy)), run(kernels, shape, x, dy), shape.toString());
    }

    private static Map<String, INDArray> run(Kernels kernels, PoolingShape shape, INDArray x, INDArray dy) {
        INDArray y = Samples.viewLike(dy);
        INDArray dx = Samples.viewLike(x);
        INDArray packed = Samples.packed(kernels, x);
        INDArray other = Samples.viewLike(packed).assign(packed.neg());
        try (PoolingKernel pooling = kernels.pooling(shape, x.dataType())) {
            // What another run leaves behind is not to be seen.
            for (INDArray input : List.of(other, packed)) {
                pooling.forward(input, y);
                pooling.backward(input, Samples.packed(kernels, dy), dx);
            }
        }
        return Samples.plain(kernels, Map.of("output", y, "gradient", dx));
    }

    @Test
    void theFirstOfEqualValuesGetsTheGradient() {
        for (int channels : new int[] {3, 24, 32}) {
            PoolingShape shape = new PoolingShape(new ChannelShape(2, channels, 6, 4), Method.MAX, 2, 2, 0);
            INDArray dy = Samples.random(DataType.FLOAT, 2, channels, 3, 2);
            INDArray dx = run(kernels, shape, Samples.view(DataType.FLOAT, 2, channels, 6, 4).assign(1), dy).get("gradient");
            INDArray expected = dx.like();
            expected.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 2, 6), NDArrayIndex.interval(0, 2, 4)).assign(dy);
            Samples.assertSameBits(expected, dx, channels + " channels");
        }
    }
}
