package sknet.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.nd4j.Nd4jKernels;

class RecordedKernelsTest {
    private static final ConvolutionShape SHAPE = new ConvolutionShape(1, 4, 5, 5, 4, 3, 1, 1, 1, 2);

    private final Kernels kernels = new RecordedKernels(new Nd4jKernels());

    @Test
    void aRecordingHasTheCallsOfAConvolutionWithTheirShape(@TempDir Path directory) throws IOException {
        INDArray maps = Nd4j.ones(DataType.FLOAT, 1, 4, 5, 5);
        INDArray weights = Nd4j.ones(DataType.FLOAT, SHAPE.weightShape());
        Path file = directory.resolve("calls.jfr");
        try (ConvolutionKernel kernel = kernels.convolution(SHAPE, DataType.FLOAT); Recording recording = new Recording()) {
            recording.enable(KernelCall.class).withoutThreshold();
            recording.start();
            kernel.forward(maps, weights, maps.like());
            kernel.backwardWeights(maps, maps, weights.like());
            kernel.backwardData(maps, weights, maps.like(), Store.REPLACE);
            recording.stop();
            recording.dump(file);
        }
        List<String> calls = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(KernelCall.NAME))
                .map(event -> event.getString("operation") + ", " + event.getString("pass") + ", " + event.getString("shape")).toList();
        assertEquals(List.of("grouped convolution 3x3, forward, " + SHAPE, "grouped convolution 3x3, backwardWeights, " + SHAPE,
                "grouped convolution 3x3, backwardData, " + SHAPE), calls);
    }

    @Test
    void whatAKernelThrowsReachesTheCallerAsItself() {
        INDArray wrong = Nd4j.ones(DataType.FLOAT, 1, 2, 3, 3);
        try (ConvolutionKernel bare = new Nd4jKernels().convolution(SHAPE, DataType.FLOAT);
                ConvolutionKernel recorded = kernels.convolution(SHAPE, DataType.FLOAT)) {
            RuntimeException expected = assertThrows(RuntimeException.class, () -> bare.forward(wrong, wrong, wrong));
            RuntimeException actual = assertThrows(RuntimeException.class, () -> recorded.forward(wrong, wrong, wrong));
            assertEquals(expected.toString(), actual.toString());
        }
    }
}
