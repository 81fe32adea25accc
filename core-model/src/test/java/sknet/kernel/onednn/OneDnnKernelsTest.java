package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernel;
import sknet.kernel.Kernels;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.PoolingShape.Method;
import sknet.kernel.Rectifier;
import sknet.kernel.Store;

class OneDnnKernelsTest extends KernelTest {
    private static final ConvolutionShape SHAPE = new ConvolutionShape(8, 32, 14, 14, 32, 3, 1, 1, 1, 4);
    private static final ChannelShape CHANNELS = new ChannelShape(8, 32, 14, 14);
    private static final PoolingShape WINDOWS = new PoolingShape(CHANNELS, Method.MAX, 3, 1, 1);

    @Test
    void doubleIsHandedOn() {
        assertEquals(classes(PORTABLE, DataType.DOUBLE), classes(kernels, DataType.DOUBLE));
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "BFLOAT16"})
    void nothingOnPackedMapsIsHandedOn(DataType type) {
        Processor.assumeServed(type);
        Map<String, Class<?>> portable = classes(PORTABLE, DataType.DOUBLE);
        classes(kernels, type).forEach((name, fast) -> assertNotEquals(portable.get(name), fast, name));
    }

    private static Map<String, Class<?>> classes(Kernels kernels, DataType type) {
        Map<String, Class<?>> classes = new LinkedHashMap<>();
        Map.of("convolution", kernels.convolution(SHAPE, type), "batch norm", kernels.batchNorm(CHANNELS, Rectifier.RELU, 1e-5, type),
                "selection", kernels.selection(CHANNELS, List.of(Rectifier.RELU, Rectifier.RELU), 1e-5, type), "windows", kernels.pooling(WINDOWS, type),
                "means", kernels.pooling(PoolingShape.globalAverage(CHANNELS), type), "residual", kernels.residual(CHANNELS, 1e-5, type),
                "folded", kernels.foldedConvolution(SHAPE, Rectifier.RELU, Store.ADD, 1e-5, type))
                .forEach((name, kernel) -> {
                    try (Kernel closed = kernel) {
                        classes.put(name, closed.getClass());
                    }
                });
        return classes;
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 32", "FLOAT, 24", "FLOAT, 116", "BFLOAT16, 32", "BFLOAT16, 24", "BFLOAT16, 116"})
    void packedActivationsArePlainOnesInAnotherOrder(DataType type, int channels) {
        Processor.assumeServed(type);
        INDArray maps = Samples.random(type, 2, channels, 3, 5);
        INDArray packed = kernels.packed(maps);
        Samples.assertSameBits(maps, kernels.plain(packed), "there and back");
        assertArrayEquals(maps.shape(), packed.shape());
        assertEquals(type, packed.dataType());
        assertArrayEquals(sorted(maps), sorted(packed));
    }

    private static float[] sorted(INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        Arrays.sort(values);
        return values;
    }

    @Test
    void imagesAndMapsOfOnePixelAreInPlainOrder() {
        INDArray image = Samples.random(DataType.FLOAT, 2, 3, 5, 5);
        Samples.assertSameBits(image, kernels.packed(image), "an image");
        INDArray pixels = Samples.random(DataType.FLOAT, 2, 32, 1, 1);
        Samples.assertSameBits(pixels, kernels.packed(pixels), "maps of one pixel");
    }

    @Test
    void closedKernelsGiveTheirMemoryBack() {
        ConvolutionShape shape = new ConvolutionShape(1, 1024, 2, 2, 1024, 3, 1, 1, 1, 128);
        INDArray x = Samples.random(DataType.FLOAT, 1, 1024, 2, 2);
        INDArray w = Samples.random(DataType.FLOAT, shape.weightShape());
        // Each operation holds more than 200 kB: of one that leaks 1000 times that would stay.
        assertMemoryStays(() -> {
            try (ConvolutionKernel convolution = kernels.convolution(shape, DataType.FLOAT)) {
                convolution.forward(x, w, x);
                convolution.backwardWeights(x, x, w);
                convolution.backwardData(x, w, x, Store.REPLACE);
                convolution.backwardData(x, w, x, Store.ADD);
            }
        });
        INDArray maps = Samples.random(DataType.FLOAT, 8, 64, 28, 28);
        assertMemoryStays(() -> {
            try (PoolingKernel pooling = kernels.pooling(new PoolingShape(ChannelShape.of(maps), Method.MAX, 3, 1, 1), DataType.FLOAT)) {
                pooling.forward(maps, maps);
                pooling.backward(maps, maps, maps);
            }
        });
    }

    private static void assertMemoryStays(Runnable use) {
        repeat(200, use);
        long before = Pointer.physicalBytes();
        repeat(1000, use);
        long grown = Pointer.physicalBytes() - before;
        assertTrue(grown < 100L << 20, "memory has grown by " + (grown >> 20) + " MiB");
    }

    private static void repeat(int times, Runnable use) {
        for (int i = 0; i < times; i++) {
            use.run();
        }
    }

    @Test
    void whatOneDnnRefusesIsAnErrorThatNamesTheOperation() {
        String message = assertThrows(IllegalStateException.class, () -> Operation.prepare("the forward pass of a test", () -> {
            Layouts.strided(new long[] {2, 2}, new long[] {1, 1});
            return null;
        })).getMessage();
        assertTrue(message.startsWith("Cannot prepare the forward pass of a test with oneDNN: could not construct a memory descriptor"),
                message);
    }
}
