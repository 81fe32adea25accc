package sknet.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

class WeightImportTest {
    @TempDir
    private Path directory;

    @Test
    void missingLeftOverAndMisshapenTensorsAreListedInOneError() throws IOException {
        Path file = renamed(WeightFiles.pytorch("resnet"),
                Map.of("layer1.1.conv2.weight", "layer1.1.se.weight", "bn1.running_var", "bn1.var"));
        ComputationGraph network = NarrowNetworks.resnet(7);
        float[] before = network.params().toFloatVector();
        assertEquals("""
            Cannot import file:%s as resnet-narrow with the names of torchvision: 6 problems
              bn1.running_var is missing (expected [8] for stem/bn.variance)
              layer1.1.conv2.weight is missing (expected [8, 8, 3, 3] for stages.0.1/mid.conv.weight)
              fc.weight has shape [5, 32] (expected [7, 32] for fc/W)
              fc.bias has shape [5] (expected [7] for fc/b)
              bn1.var [8] is left over (expected no such tensor)
              layer1.1.se.weight [8, 8, 3, 3] is left over (expected no such tensor)""".formatted(file), refusal(file, network));
        assertArrayEquals(before, network.params().toFloatVector());
    }

    @Test
    void aNewClassifierIsLeftAsItIs() throws IOException {
        ComputationGraph network = NarrowNetworks.resnet(7);
        INDArray before = network.getParam("fc_W").dup();
        try (SafetensorsFile weights = WeightFiles.open(WeightFiles.pytorch("resnet"))) {
            WeightImport.match(weights, NamingScheme.named("torchvision"), "resnet-narrow", network, Classifier.NEW).run();
        }
        assertEquals(before, network.getParam("fc_W"));
        assertEquals(WeightFiles.tensor("resnet", "layer2.0.conv1.weight"), network.getParam("stages.1.0_reduce.conv.weight"));
    }

    @Test
    void aTensorOfIntegersIsRefused() throws IOException {
        Path file = WeightFiles.withHeader(WeightFiles.pytorch("resnet"), directory.resolve("x"), "\"fc.bias\": {\"dtype\": \"F32\"",
                "\"fc.bias\": {\"dtype\": \"I32\"");
        assertEquals("Cannot import file:" + file + " as resnet-narrow with the names of torchvision: 1 problem\n"
                + "  fc.bias has type I32 (expected [F16, BF16, F32, F64])", refusal(file, NarrowNetworks.resnet()));
    }

    @Test
    void aFewOfManyProblemsAreListed() throws IOException {
        Path file = WeightFiles.pytorch("sknet");
        String message = refusal(file, NarrowNetworks.resnet());
        assertEquals("Cannot import file:" + file + " as resnet-narrow with the names of timm-sknet: 51 problems\n"
                + "  no tensor is named for stages.0.0/mid.conv.weight (expected a model whose parameters timm-sknet names)",
                message.lines().limit(2).collect(Collectors.joining("\n")));
        assertEquals(22, message.lines().count());
        assertEquals("  and 31 more", message.lines().reduce((first, second) -> second).orElseThrow());
    }

    @Test
    void namesOfNobodyAreNotRecognised() throws IOException {
        Path file = renamed(WeightFiles.pytorch("resnet"),
                Map.of("layer1", "a", "layer2", "b", "bn1", "c", "fc", "d", "conv1.weight", "stem"));
        try (SafetensorsFile weights = WeightFiles.open(file)) {
            assertEquals("Cannot recognise the names in file:" + file + ": [stem, c.weight, c.bias] and 71 more (expected names as in one of "
                    + "torchvision, torchvision-densenet, torchvision-shufflenet, timm-sknet, transformers)",
                    assertThrows(IllegalArgumentException.class, () -> NamingScheme.recognise(weights)).getMessage());
        }
        assertEquals("Cannot find names: caffe (expected one of torchvision, torchvision-densenet, torchvision-shufflenet, "
                + "timm-sknet, transformers)",
                assertThrows(IllegalArgumentException.class, () -> NamingScheme.named("caffe")).getMessage());
    }

    /** Literal names and shapes of the public models' files. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "resnet-50   | torchvision  | stages.3.2/increase.bn.variance | layer4.2.bn3.running_var",
        "resnet-101  | torchvision  | stages.2.22/mid.conv.weight | layer3.22.conv2.weight",
        "resnet-152  | torchvision  | stages.2.35/reduce.bn.gamma | layer3.35.bn1.weight",
        "resnext-50  | torchvision  | stages.1.0/proj.conv.weight | layer2.0.downsample.0.weight",
        "resnext-101 | torchvision  | stages.0.0/proj.bn.beta     | layer1.0.downsample.1.bias",
        "densenet-169 | torchvision-densenet | blocks.3.31.reduce/bn.mean | features.denseblock4.denselayer32.norm2.running_mean",
        "densenet-201 | torchvision-densenet | transitions.2.conv/conv.weight | features.transition3.conv.weight",
        "shufflenetv2-0.5-original | torchvision-shufflenet | stages.1.7.depthwise/conv.weight | stage3.7.branch2.3.weight",
        "shufflenetv2-1.0-original | torchvision-shufflenet | stages.2.0.shortcut.conv/bn.gamma | stage4.0.branch1.3.weight",
        "sknet-50    | timm-sknet   | stages.2.5/mid.branch1.bn.mean | layer3.5.conv2.paths.1.bn.running_mean",
        "sknet-101   | timm-sknet   | stages.0.2/mid.fc1.weight   | layer1.2.conv2.attn.fc_reduce.weight",
        "resnet-50   | transformers | stages.0.0/proj.bn.mean     | resnet.encoder.stages.0.layers.0.shortcut.normalization.running_mean"})
    void everyParameterOfThePublicModelsHasAName(String model, String schemeName, String parameter, String fileName) {
        NamingScheme scheme = NamingScheme.named(schemeName);
        assertEquals(fileName, scheme.rule(parameter).orElseThrow().fileName(parameter).orElseThrow());
        ComputationGraphConfiguration configuration = NetworkBuilder.build(ModelCatalogue.named(model).architecture(),
                NetworkOptions.of(1000, 224));
        configuration.getVertices().forEach((layer, vertex) -> {
            if (!(vertex instanceof LayerVertex layerVertex)) {
                return;
            }
            var conf = layerVertex.getLayerConf().getLayer();
            conf.initializer().paramKeys(conf).forEach(key -> assertTrue(scheme.rule(layer + "/" + key).isPresent(),
                    () -> schemeName + " has no name for " + layer + "/" + key));
        });
    }

    private static String refusal(Path file, ComputationGraph network) throws IOException {
        try (SafetensorsFile weights = WeightFiles.open(file)) {
            NamingScheme scheme = NamingScheme.recognise(weights);
            return assertThrows(IllegalArgumentException.class,
                    () -> WeightImport.match(weights, scheme, "resnet-narrow", network, Classifier.IMPORTED)).getMessage();
        }
    }

    /** The file with each name, or beginning of names, that is a key replaced. */
    private Path renamed(Path original, Map<String, String> names) throws IOException {
        Path last = original;
        for (Map.Entry<String, String> name : names.entrySet()) {
            last = WeightFiles.withHeader(last, Files.createTempFile(directory, "x", ""), "\"" + name.getKey(), "\"" + name.getValue());
        }
        return last;
    }
}
