package sknet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCatalogueTest {

    @Test
    void anUnknownModelIsAnErrorThatListsTheKnownOnes() {
        assertEquals("Cannot find model: sknet-51 (expected one of sknet-26, sknet-50, sknet-101, sknet-29, sknet-fashion, "
                        + "resnext-50, resnext-101, resnext-50-wider, resnext-56-deeper, resnext-50-36x4d, resnext-29-16x32d, "
                        + "resnext-29-8x64d, resnext-29-16x64d, resnet-50, resnet-101, resnet-152)",
                assertThrows(IllegalArgumentException.class, () -> ModelCatalogue.named("sknet-51")).getMessage());
    }

    @Test
    void skNet50HasExactlyTheKnownSize() {
        Complexity complexity = complexity("sknet-50");
        assertEquals(27_479_784, complexity.trainable());
        assertEquals(4_462_710_784L, complexity.multiplyAdds());
    }

    /** The paper's figures are in millions and thousand millions: some count statistics and Select's products, some do not. */
    @ParameterizedTest
    @CsvSource({"sknet-26, 16.8, 0.05, ", "sknet-50, 27.564, 0.0005, 4.468", "sknet-101, 48.909, 0.0005, ",
            "sknet-29, 27.8, 0.05, ",
        "resnext-50, 25.0, 0.1, 4.24", "resnext-101, 44.3, 0.05, ", "resnext-50-wider, 28.1, 0.05, 4.74", "resnext-56-deeper, 27.358, 0.0005, 4.67",
        "resnext-50-36x4d, 27.6, 0.05, 4.70", "resnext-29-16x32d, 25.2, 0.05, ", "resnext-29-8x64d, 34.484, 0.0005, ",
        "resnext-29-16x64d, 68.256, 0.0005, ", "resnet-50, 25.61, 0.005, ", "resnet-101, 44.655, 0.0005, ", "resnet-152, 60.344, 0.0005, "})
    void theSizesAreThoseOfThePaper(String name, double millions, double tolerance, Double gigaFlops) {
        Complexity complexity = complexity(name);
        assertEquals(millions, complexity.withStatistics() / 1e6, tolerance, name);
        if (gigaFlops != null) {
            assertEquals(gigaFlops, (complexity.multiplyAdds() + complexity.selectProducts()) / 1e9, 0.015, name);
        }
    }

    @Test
    void theCifarNetworkHasThePapersSizeWithoutStatistics() {
        assertEquals(27.7, complexity("sknet-29").trainable() / 1e6, 0.05);
    }

    @Test
    void anInitialisedNetworkHasTheParametersThatWereCounted() {
        ModelCatalogue.Entry entry = ModelCatalogue.named("sknet-50");
        ComputationGraph graph = new ComputationGraph(NetworkBuilder.build(entry.architecture(), options(entry)));
        graph.init();
        assertEquals(complexity("sknet-50").withStatistics(), graph.numParams());
        graph.close();
    }

    private static Complexity complexity(String name) {
        ModelCatalogue.Entry entry = ModelCatalogue.named(name);
        int size = entry.architecture().imageSize();
        return Complexity.of(NetworkBuilder.build(entry.architecture(), options(entry)), InputType.convolutional(size, size, 3));
    }

    private static NetworkOptions options(ModelCatalogue.Entry entry) {
        return NetworkOptions.of(entry.classes(), entry.architecture().imageSize());
    }
}
