package sknet.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

/** Weights of the small SKNet as timm would save them: what PyTorch itself writes is tested where it is read. */
final class TimmWeights {
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("^stem_conv", "conv1");
        NAMES.put("^stem_bn", "bn1");
        NAMES.put("^stages\\.0\\.(\\d)_", "layer1.$1.");
        NAMES.put("reduce\\.", "conv1.");
        NAMES.put("mid\\.branch(\\d)", "conv2.paths.$1");
        NAMES.put("mid\\.fc1", "conv2.attn.fc_reduce");
        NAMES.put("mid\\.fc2", "conv2.attn.fc_select");
        NAMES.put("mid\\.bn", "conv2.attn.bn");
        NAMES.put("increase\\.", "conv3.");
        NAMES.put("proj\\.conv", "downsample.0");
        NAMES.put("proj\\.bn", "downsample.1");
        NAMES.put("fc_W|\\.gamma$", ".weight");
        NAMES.put("fc_b|\\.beta$", ".bias");
        NAMES.put("^\\.", "fc.");
        NAMES.put("\\.mean$", ".running_mean");
        NAMES.put("\\.variance$", ".running_var");
    }

    private TimmWeights() {
    }

    /** A network whose weights training would not start from. */
    static ComputationGraph network(int classes, int imageSize) {
        ComputationGraph network = new ComputationGraph(NetworkBuilder.build(ModelCatalogue.named("sknet-fashion").architecture(),
            NetworkOptions.of(classes, imageSize).withSeed(99)));
        network.init();
        network.paramTable().forEach((name, value) -> value.addi(name.endsWith("mean") ? 0.125 : 0));
        return network;
    }

    static byte[] of(ComputationGraph network) {
        StringBuilder header = new StringBuilder("{");
        ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(4 * network.numParams())).order(ByteOrder.LITTLE_ENDIAN);
        network.paramTable().forEach((key, value) -> {
            INDArray tensor = key.equals("fc_W") ? value.transpose() : value;
            String shape = Arrays.stream(tensor.isRowVector() ? new long[] {tensor.length()} : tensor.shape()).mapToObj(Long::toString)
                .collect(Collectors.joining(", "));
            int begin = data.position();
            for (float number : tensor.dup('c').data().asFloat()) {
                data.putFloat(number);
            }
            String name = name(key);
            header.append(header.length() > 1 ? ", " : "").append(String.format("\"%s\": {\"dtype\": \"F32\", \"shape\": [%s], "
                + "\"data_offsets\": [%d, %d]}", name, name.contains(".fc_") ? shape + ", 1, 1" : shape, begin, data.position()));
        });
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.capacity()).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json)
            .put(data.array()).array();
    }

    static Path write(Path file, ComputationGraph network) throws IOException {
        return Files.write(file, of(network));
    }

    private static String name(String key) {
        String name = key;
        for (Map.Entry<String, String> replacement : NAMES.entrySet()) {
            name = name.replaceAll(replacement.getKey(), replacement.getValue());
        }
        return name;
    }
}
