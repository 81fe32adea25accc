package sknet.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;
import sknet.model.Precision;

class OnnxModelTest {
    @TempDir
    private Path directory;

    /** One of each family, and with each kind of attention. */
    @ParameterizedTest
    @ValueSource(strings = {"sknet-fashion", "resnet-50", "resnext-50-bam", "resnext-50-cbam", "sknet-50-k3-k5-sum", "shufflenetv2-0.5-sk", "densenet-169",
        "dpn-68", "attention-56", "inception-v3"})
    void onnxRuntimeComputesTheSameForAnyBatch(String name) throws Exception {
        try (OnnxComparison comparison = new OnnxComparison(name, Precision.FP32, directory)) {
            comparison.assertSame(1, 5);
        }
    }

    @Test
    void aNetworkInBfloat16IsExportedInFloat32() throws Exception {
        try (OnnxComparison comparison = new OnnxComparison("sknet-fashion", Precision.BF16, directory)) {
            double difference = comparison.difference(2);
            assertTrue(difference > 1e-5 && difference < 5e-2, "8 bits of precision: " + difference);
        }
    }

    @Test
    void theFileTellsWhatItIs() throws IOException {
        ModelProto model = fashion(Optional.of(List.of(120.5, 110.25, 100.0)));
        assertEquals("sknet 1.2", model.getProducerName() + " " + model.getProducerVersion());
        assertEquals(17, model.getOpsetImport(0).getVersion());
        assertEquals(Map.of("model", "sknet-fashion", "classes", "10", "image_size", "28", "step", "7", "channel_mean", "120.5,110.25,100.0",
                "normalisation", "channels R, G, B; values 0 to 255 minus channel_mean; not divided"), metadata(model));
        assertEquals("channels R, G, B; values 0 to 255 minus the mean of R, G and B over all pixels of the training images, "
                + "which this file does not know; not divided", metadata(fashion(Optional.empty())).get("normalisation"));
    }

    @Test
    void constantsAreNamedAsParameters() throws IOException {
        GraphProto graph = fashion(Optional.empty()).getGraph();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        for (TensorProto constant : graph.getInitializerList()) {
            shapes.put(constant.getName(), constant.getDimsList());
        }
        assertEquals(List.of(32L, 3L, 5L, 5L), shapes.get("stem.conv.weight"));
        assertEquals(List.of(32L), shapes.get("stem.conv.bias"));
        assertEquals(List.of(10L), shapes.get("fc.b"));
        assertTrue(Stream.of("reduce.conv", "mid.branch1.conv", "mid.fc1", "mid.fc2", "increase.conv", "proj.conv")
                .allMatch(part -> shapes.containsKey("stages.0.0." + part + ".weight")), shapes.toString());
        assertTrue(graph.getNodeList().stream().anyMatch(node -> node.getName().equals("stages.0.0.mid.attention")), "for a look inside");
    }

    @Test
    void aLayerOfNoNetworkOfOursIsRefused() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder().graphBuilder().addInputs("in")
                .addLayer("hidden", new DenseLayer.Builder().nIn(5).nOut(7).build(), "in")
                .addLayer("out", new OutputLayer.Builder().nIn(7).nOut(3).build(), "hidden").setOutputs("out").build());
        network.init();
        assertEquals("Cannot export layer hidden: DenseLayer (expected a layer of the catalogue's networks)", assertThrows(IllegalArgumentException.class,
                () -> OnnxModel.of(network, new OnnxDescription("other", 1, "1.2", Optional.empty(), Map.of()))).getMessage());
    }

    private static ModelProto fashion(Optional<List<Double>> mean) throws IOException {
        ComputationGraph network = new ComputationGraph(
                NetworkBuilder.build(ModelCatalogue.named("sknet-fashion").architecture(), NetworkOptions.of(10, 28)));
        network.init();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OnnxModel.of(network, new OnnxDescription("sknet-fashion", 28, "1.2", mean, Map.of("step", "7"))).writeTo(bytes);
        return ModelProto.parseFrom(bytes.toByteArray());
    }

    private static Map<String, String> metadata(ModelProto model) {
        Map<String, String> metadata = new LinkedHashMap<>();
        model.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        return metadata;
    }
}
