package sknet.model;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EveryModelTest {
    private static final int BATCH = 2;
    private static final int SMALL = 64;

    static Stream<String> names() {
        return ModelCatalogue.entries().stream().map(entry -> entry.architecture().name());
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyParameterGetsAFiniteGradient(String name) {
        ModelCatalogue.Entry entry = ModelCatalogue.named(name);
        // Inception networks do not pad: their maps shrink to nothing from less.
        int size = entry.architecture().imageSize() > 224 ? 107 : Math.min(SMALL, entry.architecture().imageSize());
        ComputationGraph graph = new ComputationGraph(NetworkBuilder.build(entry.architecture(), NetworkOptions.of(entry.classes(), size)));
        graph.init();
        graph.initGradientsView();
        Nd4j.getRandom().setSeed(1);
        graph.setInputs(Nd4j.randn(DataType.FLOAT, BATCH, 3, size, size));
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, entry.classes());
        for (int i = 0; i < BATCH; i++) {
            labels.putScalar(i, i, 1);
        }
        graph.setLabels(labels);
        graph.computeGradientAndScore();
        assertTrue(Double.isFinite(graph.score()), "loss " + graph.score());
        assertAll(graph.gradient().gradientForVariable().entrySet().stream().map(gradient -> () -> {
            double absolute = gradient.getValue().norm1Number().doubleValue();
            assertTrue(Double.isFinite(absolute) && absolute > 0, gradient.getKey() + " has a gradient of size " + absolute);
        }));
        graph.close();
    }
}
