package sknet.interchange;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.layer.KernelLayer;
import sknet.layer.KernelVertex;

/**
 * A network in ONNX, as it is in evaluation: input {@value #INPUT} {@code [batch, 3, size, size]}, output {@value #OUTPUT} {@code [batch, classes]},
 * float32 both, for any batch. Batch norms are folded into the convolutions before them.
 *
 * <p>Nodes are named by the layers, {@code stages.0.1.mid.fc1}, constants by the parameters that they come from, {@code stages.0.1.mid.fc1.weight}.
 */
public final class OnnxModel {
    /** The images. */
    public static final String INPUT = "image";
    /** What softmax would make probabilities of. */
    public static final String OUTPUT = "logits";
    /** The version of ONNX's operators, of 2022. */
    public static final int OPERATOR_SET = 17;
    /** The version of the file format that came with those. */
    private static final int FORMAT = 8;
    private static final int IMAGE_CHANNELS = 3;

    private final ModelProto model;

    private OnnxModel(ModelProto model) {
        this.model = model;
    }

    /**
     * Of a network of the catalogue.
     *
     * @throws IllegalArgumentException if there is a layer of another kind
     */
    public static OnnxModel of(ComputationGraph network, OnnxDescription description) {
        OnnxGraph graph = new OnnxGraph();
        graph.input(INPUT, IMAGE_CHANNELS, description.imageSize(), description.imageSize());
        ComputationGraphConfiguration configuration = network.getConfiguration();
        Map<String, String> values = new HashMap<>(Map.of(configuration.getNetworkInputs().get(0), INPUT));
        long classes = 0;
        for (int index : network.topologicalSortOrder()) {
            String name = network.getVertices()[index].getVertexName();
            GraphVertex vertex = configuration.getVertices().get(name);
            if (vertex == null) {
                // The images.
                continue;
            }
            List<String> inputs = configuration.getVertexInputs().get(name).stream().map(values::get).toList();
            Map<String, INDArray> parameters = vertex instanceof LayerVertex ? network.getLayer(name).paramTable() : Map.of();
            values.put(name, add(vertex, new OnnxPart(graph, name, parameters, ""), inputs));
            if (vertex instanceof LayerVertex layer && layer.getLayerConf().getLayer() instanceof OutputLayer classifier) {
                classes = classifier.getNOut();
            }
        }
        graph.output(OUTPUT, classes);
        return new OnnxModel(model(graph.build(description.model()), description, classes));
    }

    private static String add(GraphVertex vertex, OnnxPart part, List<String> inputs) {
        if (vertex instanceof KernelVertex own) {
            return OnnxVertices.of(own, part, inputs);
        }
        Layer layer = vertex instanceof LayerVertex layerVertex ? layerVertex.getLayerConf().getLayer() : null;
        if (layer instanceof KernelLayer own) {
            return OnnxLayers.of(own, part, inputs.get(0));
        }
        if (layer instanceof OutputLayer) {
            float[] bias = part.values(DefaultParamInitializer.BIAS_KEY);
            return part.graph().node("Gemm", OUTPUT, List.of(inputs.get(0), part.constant(DefaultParamInitializer.WEIGHT_KEY),
                    part.constant(DefaultParamInitializer.BIAS_KEY, bias, bias.length)));
        }
        throw new IllegalArgumentException("Cannot export layer " + part.layer() + ": " + (layer == null ? vertex : layer).getClass().getSimpleName()
                + " (expected a layer of the catalogue's networks)");
    }

    private static ModelProto model(GraphProto graph, OnnxDescription description, long classes) {
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(FORMAT).setProducerName("sknet").setProducerVersion(description.version())
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET)).setGraph(graph);
        description.metadata(classes).forEach((key, value) -> model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    /** Bytes of the file. */
    public int bytes() {
        return model.getSerializedSize();
    }

    /** Writes the file; the stream stays open. */
    public void writeTo(OutputStream stream) throws IOException {
        model.writeTo(stream);
    }
}
