package sknet.model;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCatalogueTest {

    @Test
    void anUnknownModelIsAnErrorThatListsItsFamily() {
        assertEquals("Cannot find model: resnet-51 (expected one of resnet-50, resnet-101, resnet-152)",
                assertThrows(IllegalArgumentException.class, () -> ModelCatalogue.named("resnet-51")).getMessage());
    }

    @Test
    void skNet50HasExactlyTheKnownSize() {
        Complexity complexity = complexity("sknet-50");
        assertEquals(27_479_784, complexity.trainable());
        assertEquals(4_462_710_784L, complexity.multiplyAdds());
    }

    /**
     * Millions of parameters without and with statistics, thousand millions of multiply-adds without and with attention's products: counted by hand
     * from the networks' descriptions, layer by layer.
     */
    @ParameterizedTest
    @CsvSource({"sknet-26, 16.746, 16.793, 2.5869, 2.5899", "sknet-50, 27.480, 27.564, 4.4627, 4.4682", "sknet-101, 48.736, 48.909, 8.4487, 8.4577",
        "sknet-29, 27.740, 27.819, 4.1809, 4.1864", "resnext-50, 25.029, 25.097, 4.2305, 4.2305", "resnext-101, 44.178, 44.316, 7.9700, 7.9700",
        "resnext-50-wider, 28.018, 28.090, 4.7400, 4.7400", "resnext-56-deeper, 27.282, 27.358, 4.6704, 4.6704",
        "resnext-50-36x4d, 27.549, 27.621, 4.6993, 4.6993", "resnet-50, 25.557, 25.610, 4.0892, 4.0892", "resnet-101, 44.549, 44.655, 7.8014, 7.8014",
        "resnet-152, 60.193, 60.344, 11.5136, 11.5136", "senet-50, 27.576, 27.676, 4.2330, 4.2385", "senet-101, 48.990, 49.197, 7.9747, 7.9837",
        "resnext-50-bam, 25.387, 25.456, 4.3126, 4.3154", "resnext-101-bam, 44.535, 44.674, 8.0521, 8.0550",
        "resnext-50-cbam, 27.578, 27.678, 4.2369, 4.2479", "resnext-101-cbam, 48.993, 49.200, 7.9812, 7.9990",
        "sknet-50-k3-k7, 27.480, 27.564, 4.4627, 4.4682", "sknet-50-k3-k5g64, 28.030, 28.114, 4.5526, 4.5581",
        "sknet-50-k3-k7g128, 27.991, 28.075, 4.5462, 4.5517", "sknet-50-k7-sum, 25.029, 25.097, 4.2305, 4.2305",
        "sknet-50-k5-k7-sum, 26.459, 26.542, 4.4617, 4.4617", "sknet-50-k3-k5-k7-sum, 27.888, 27.987, 4.6929, 4.6929",
        "sknet-50-k3-k5-k7, 29.250, 29.349, 4.6943, 4.7025", "shufflenetv2-0.5-original, 1.3668, 1.3747, 0.0405, 0.0405",
        "shufflenetv2-0.5, 1.3959, 1.4044, 0.0404, 0.0404", "shufflenetv2-0.5-se, 1.5435, 1.5569, 0.0405, 0.0409",
        "shufflenetv2-0.5-sk, 1.4715, 1.4828, 0.0422, 0.0426", "shufflenetv2-1.0-original, 2.2786, 2.2948, 0.1449, 0.1449",
        "shufflenetv2-1.0, 2.4436, 2.4611, 0.1447, 0.1447", "shufflenetv2-1.0-se, 2.6604, 2.6878, 0.1449, 0.1457",
        "shufflenetv2-1.0-sk, 2.8379, 2.8622, 0.1490, 0.1499", "resnext-29-16x32d, 25.137, 25.194, 4.0283, 4.0283",
        "resnext-29-8x64d, 34.427, 34.484, 5.3873, 5.3873", "resnext-29-16x64d, 68.155, 68.256, 10.6889, 10.6889",
        "senet-29, 25.664, 25.733, 4.0288, 4.0302", "senet-29-8x64d, 34.954, 35.023, 5.3878, 5.3892",
        "densenet-169, 14.149, 14.308, 3.3598, 3.3598", "densenet-201, 20.014, 20.243, 4.2914, 4.2914", "densenet-264, 33.338, 33.736, 5.7517, 5.7517",
        "densenet-232, 55.571, 56.026, 10.1191, 10.1191", "dpn-68, 12.612, 12.677, 2.3262, 2.3262", "dpn-92, 37.668, 37.794, 6.5017, 6.5017",
        "dpn-98, 61.571, 61.736, 11.6712, 11.6712", "attention-56, 31.811, 31.883, 6.2708, 6.2722",
        "attentionnext-56, 31.319, 31.417, 6.4191, 6.4205", "attention-92, 52.466, 52.600, 10.5338, 10.5360",
        "inception-v3, 23.835, 23.869, 5.7132, 5.7132", "inception-v4, 42.680, 42.743, 12.2540, 12.2540",
        "inception-resnet-v2, 55.843, 55.904, 13.1558, 13.1558"})
    void theSizesAreThoseOfTheDescriptions(String name, double trainable, double withStatistics, double multiplyAdds, double withProducts) {
        Complexity complexity = complexity(name);
        assertEquals(trainable, complexity.trainable() / 1e6, 0.00051, "parameters");
        assertEquals(withStatistics, complexity.withStatistics() / 1e6, 0.00051, "with statistics");
        assertEquals(multiplyAdds, complexity.multiplyAdds() / 1e9, 0.000051, "multiply-adds");
        assertEquals(withProducts, (complexity.multiplyAdds() + complexity.products()) / 1e9, 0.000051, "with products");
    }

    /** Where no way of counting rounds to the paper's figures: all other models agree with them to the printed digits. */
    @Test
    void theModelsThatDifferFromThePaperAreKnown() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("resnext-50", "0.00 -0.0095");
        known.put("resnext-101", "0.00 -0.0200");
        known.put("senet-50", "0.00 -0.0115");
        known.put("senet-101", "0.00 -0.0163");
        known.put("resnext-101-bam", "-0.06 0.0000");
        known.put("sknet-50-k5-sum", "0.00 -0.0095");
        known.put("sknet-50-k7-sum", "0.00 -0.0095");
        known.put("shufflenetv2-0.5-original", "0.00 -0.0005");
        known.put("shufflenetv2-1.0-original", "0.00 -0.0011");
        known.put("shufflenetv2-1.0", "-0.01 0.0044");
        known.put("shufflenetv2-1.0-se", "0.00 0.0032");
        known.put("shufflenetv2-1.0-sk", "0.21 0.0034");
        known.put("resnext-29-16x64d", "0.06 0.0000");
        known.put("senet-29", "-9.27 0.0000");
        known.put("densenet-232", "0.23 0.0000");
        known.put("dpn-98", "0.00 -0.0288");
        known.put("attention-56", "0.00 -0.0478");
        known.put("attentionnext-56", "-0.48 0.0991");
        known.put("attention-92", "1.17 0.1038");
        known.put("inception-v3", "-3.23 -0.0168");
        known.put("inception-v4", "0.68 -0.0560");
        known.put("inception-resnet-v2", "0.84 -0.0642");
        assertAll(ModelCatalogue.entries().stream().map(entry -> () -> {
            Complexity counted = complexity(entry.architecture().name());
            assertEquals(known.getOrDefault(entry.architecture().name(), "0.00 0.0000"), String.format(Locale.ROOT, "%.2f %.4f",
                    entry.paper().millionsOff(counted), entry.paper().gigaFlopsOff(counted)), entry.architecture().name());
        }));
    }

    @Test
    void anInitialisedNetworkHasTheParametersThatWereCounted() {
        ModelCatalogue.Entry entry = ModelCatalogue.named("sknet-50");
        ComputationGraph graph = new ComputationGraph(NetworkBuilder.build(entry.architecture(), options(entry)));
        graph.init();
        assertEquals(complexity("sknet-50").withStatistics(), graph.numParams());
        graph.close();
    }

    @Test
    void anyNumberOfKernelsMakesAnSkNet() {
        assertEquals(5, ModelCatalogue.named("sknet-26-k1-k3-k5-k7-k9").architecture().body() instanceof Backbone backbone
                && backbone.stages().get(0).middle() instanceof Middle.SelectiveKernel selective ? selective.branches().size() : 0);
        assertEquals(complexity("sknet-50").trainable(), complexity("sknet-50-k3-k5").trainable());
        assertEquals(complexity("resnext-50").trainable(), complexity("sknet-50-k3-sum").trainable());
        assertThrows(IllegalArgumentException.class, () -> ModelCatalogue.named("sknet-50-k4"));
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
