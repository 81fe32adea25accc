package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;

class OneDnnKernelsTest {
    private static final ConvolutionShape SHAPE = new ConvolutionShape(8, 32, 14, 14, 32, 3, 1, 1, 1, 4);
    private static final ChannelShape CHANNELS = new ChannelShape(8, 32, 14, 14);

    private final Kernels kernels = OneDnnKernels.over(Samples.PORTABLE);

    @Test
    void doubleIsHandedOn() {
        try (ConvolutionKernel convolution = kernels.convolution(SHAPE, DataType.DOUBLE);
             BatchNormKernel batchNorm = kernels.batchNorm(CHANNELS, Rectifier.NONE, 1e-5, DataType.DOUBLE);
             SelectionKernel selection = kernels.selection(CHANNELS, 2, DataType.DOUBLE)) {
            assertEquals(Samples.PORTABLE.convolution(SHAPE, DataType.DOUBLE).getClass(), convolution.getClass());
            assertEquals(Samples.PORTABLE.batchNorm(CHANNELS, Rectifier.NONE, 1e-5, DataType.DOUBLE).getClass(), batchNorm.getClass());
            assertEquals(Samples.PORTABLE.selection(CHANNELS, 2, DataType.DOUBLE).getClass(), selection.getClass());
        }
    }

    @Test
    void packedActivationsArePlainOnesInAnotherOrder() {
        INDArray maps = Samples.random(2, 32, 3, 5);
        INDArray packed = kernels.packed(maps);
        Samples.assertSameBits(maps, kernels.plain(packed), "there and back");
        assertEquals(maps.getFloat(1, 17, 2, 3), packed.data().getFloat(((1 * 2 + 1) * 15 + 2 * 5 + 3) * 16 + 1));
        INDArray image = Samples.random(2, 3, 5, 5);
        Samples.assertSameBits(image, kernels.packed(image), "an image");
    }

    @Test
    void closedKernelsGiveTheirMemoryBack() {
        INDArray x = Samples.random(8, 32, 14, 14);
        INDArray w = Samples.random(SHAPE.weightShape());
        INDArray vector = Samples.random(32);
        INDArray y = x.like();
        cycle(200, x, w, vector, y);
        long before = Pointer.physicalBytes();
        cycle(2000, x, w, vector, y);
        long grown = Pointer.physicalBytes() - before;
        // One kernel of each kind holds more than 1 MB: a leak would take gigabytes.
        assertTrue(grown < 200L << 20, "memory has grown by " + (grown >> 20) + " MiB");
    }

    private void cycle(int times, INDArray x, INDArray w, INDArray vector, INDArray y) {
        for (int i = 0; i < times; i++) {
            try (ConvolutionKernel convolution = kernels.convolution(SHAPE, DataType.FLOAT);
                 BatchNormKernel batchNorm = kernels.batchNorm(CHANNELS, Rectifier.RELU, 1e-5, DataType.FLOAT)) {
                convolution.forward(x, w, y);
                convolution.backwardWeights(x, y, w);
                convolution.backwardData(y, w, y);
                batchNorm.forward(x, vector, vector, y);
                batchNorm.backward(x, y, y, vector, y, vector, vector);
                batchNorm.inference(x, vector, vector, vector, vector, y);
            }
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
