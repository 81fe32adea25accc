package sknet.interchange;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sknet.model.ModelCatalogue;
import sknet.model.Precision;

/** Each network of the catalogue, exported and run by ONNX Runtime. */
class EveryModelOnnxIT {
    @TempDir
    private Path directory;

    static Stream<String> names() {
        return ModelCatalogue.entries().stream().map(entry -> entry.architecture().name());
    }

    @ParameterizedTest
    @MethodSource("names")
    void onnxRuntimeComputesTheSameForAnyBatch(String name) throws Exception {
        try (OnnxComparison comparison = new OnnxComparison(name, Precision.FP32, directory)) {
            comparison.assertSame(1, 5);
        }
    }
}
