package sknet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.inputs.InputType;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.model.Complexity;
import sknet.model.LayerSize;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

/** {@code sknet models}. */
@Command(name = "models", mixinStandardHelpOptions = true,
    description = "Lists the architectures with their parameters and multiply-adds, counted on the built graph, beside the paper's figures.")
final class ModelsCommand implements Callable<Integer> {
    private static final double MEBIBYTE = 1 << 20;

    @Parameters(paramLabel = "MODEL", arity = "0..*", description = "Only these (default: all).")
    private List<String> names = List.of();

    @Option(names = "--size", paramLabel = "PIXELS", description = "Width and height of the input (default: each model's own).")
    private Integer size;

    @ArgGroup
    private Form form = new Form();

    @Mixin
    private CommonOptions common;

    /** What is printed; a table of models if nothing else. */
    private static final class Form {
        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Option(names = "--layers", description = "Print a table of the layers of one model.")
        private boolean layers;

        @Option(names = "--dot", description = "Print the graph of one model for Graphviz.")
        private boolean dot;
    }

    /**
     * A model's line.
     *
     * @param parameters               that gradients reach
     * @param parametersWithStatistics those and batch norm's running statistics
     * @param multiplyAdds             of convolutions and fully connected layers, one image
     * @param attentionProducts        of maps with attention, one image; apart, since some of the paper's GFLOPs seem to hold them
     * @param activationBytes          kept in training for one image, float32
     * @param paperMillionParameters   null where the paper names none
     * @param paperGigaMultiplyAdds    null where the paper names none
     * @param millionParametersOff     by how much the nearest way of counting differs from the paper's figure, 0 if it rounds to it
     * @param gigaMultiplyAddsOff      the same
     */
    record Line(String name, int size, int classes, long parameters, long parametersWithStatistics, long multiplyAdds, long attentionProducts,
                long activationBytes, BigDecimal paperMillionParameters, BigDecimal paperGigaMultiplyAdds, double millionParametersOff,
                double gigaMultiplyAddsOff) {

        static Line of(ModelCatalogue.Entry entry, int size) {
            Complexity counted = Complexity.of(layersOf(entry, size));
            boolean comparable = size == entry.architecture().imageSize();
            return new Line(entry.architecture().name(), size, entry.classes(), counted.trainable(), counted.withStatistics(), counted.multiplyAdds(),
                counted.products(), Float.BYTES * counted.activations(), entry.paper().millions(), entry.paper().gigaFlops(),
                entry.paper().millionsOff(counted), comparable ? entry.paper().gigaFlopsOff(counted) : 0);
        }
    }

    private static List<LayerSize> layersOf(ModelCatalogue.Entry entry, int size) {
        return LayerSize.of(NetworkBuilder.build(entry.architecture(), NetworkOptions.of(entry.classes(), size)), InputType.convolutional(size, size, 3));
    }

    @Override
    public Integer call() throws JsonProcessingException {
        common.settings();
        if (size != null && size < 1) {
            throw new IllegalArgumentException("Cannot use --size " + size + " (expected at least 1)");
        }
        List<ModelCatalogue.Entry> entries = names.isEmpty() ? ModelCatalogue.entries() : names.stream().map(ModelCatalogue::named).toList();
        if (form.layers || form.dot) {
            if (names.size() != 1) {
                throw new IllegalArgumentException("Cannot print the layers of " + entries.size() + " models (expected the name of one)");
            }
            List<LayerSize> layers = layersOf(entries.get(0), sizeOf(entries.get(0)));
            System.out.print(form.dot ? graph(names.get(0), layers) : table(layers));
            return 0;
        }
        List<Line> lines = new ArrayList<>();
        for (ModelCatalogue.Entry entry : entries) {
            lines.add(Line.of(entry, sizeOf(entry)));
        }
        System.out.print(form.json ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(lines) + "\n" : modelTable(lines));
        return 0;
    }

    private int sizeOf(ModelCatalogue.Entry entry) {
        return size == null ? entry.architecture().imageSize() : size;
    }

    private static String modelTable(List<Line> lines) {
        StringBuilder table = new StringBuilder(String.format("%-29s %4s %7s %11s %11s %8s %14s %12s %8s %10s  %s%n", "model", "size", "classes",
            "parameters", "+ BN stats", "paper's", "multiply-adds", "attention's", "paper's", "act. MiB", "difference from the paper"));
        for (Line line : lines) {
            table.append(String.format(Locale.ROOT, "%-29s %4d %7d %,11d %,11d %8s %,14d %,12d %8s %,10.1f  %s", line.name(), line.size(),
                line.classes(), line.parameters(), line.parametersWithStatistics(), figure(line.paperMillionParameters(), "M"),
                line.multiplyAdds(), line.attentionProducts(), figure(line.paperGigaMultiplyAdds(), "G"), line.activationBytes() / MEBIBYTE,
                difference(line)).stripTrailing()).append('\n');
        }
        return table.append("""

            parameters: trainable, and with batch norm's running statistics. multiply-adds: of convolutions and fully connected layers, one image;
            the products of maps with attention apart. act.: activations kept in training for one image, float32. A difference is named where neither
            way of counting rounds to the paper's figure; docs/models.md says why.
            """).toString();
    }

    private static String figure(BigDecimal value, String unit) {
        return value == null ? "-" : value + unit;
    }

    private static String difference(Line line) {
        List<String> parts = new ArrayList<>();
        if (line.millionParametersOff() != 0) {
            parts.add(String.format(Locale.ROOT, "%+.2fM parameters", line.millionParametersOff()));
        }
        if (line.gigaMultiplyAddsOff() != 0) {
            parts.add(String.format(Locale.ROOT, "%+.4fG multiply-adds", line.gigaMultiplyAddsOff()));
        }
        return String.join(", ", parts);
    }

    private static String table(List<LayerSize> layers) {
        StringBuilder table = new StringBuilder(String.format("%-32s %-26s %-16s %12s %15s%n", "layer", "kind", "output", "parameters", "multiply-adds"));
        for (LayerSize layer : layers) {
            table.append(row(layer.name(), layer.kind(), shape(layer), layer.complexity()));
        }
        return table.append(row("total", "", "", Complexity.of(layers))).toString();
    }

    private static String row(String name, String kind, String shape, Complexity complexity) {
        return String.format(Locale.ROOT, "%-32s %-26s %-16s %,12d %,15d%n", name, kind, shape, complexity.trainable(), complexity.multiplyAdds());
    }

    private static String shape(LayerSize layer) {
        return layer.output().stream().map(String::valueOf).collect(Collectors.joining(" x "));
    }

    private static String graph(String model, List<LayerSize> layers) {
        StringBuilder dot = new StringBuilder("digraph \"" + model + "\" {\n  node [shape=box];\n");
        for (LayerSize layer : layers) {
            dot.append("  \"").append(layer.name()).append("\" [label=\"").append(layer.name()).append("\\n").append(layer.kind()).append("\\n")
                .append(shape(layer)).append("\"];\n");
            layer.inputs().forEach(input -> dot.append("  \"").append(input).append("\" -> \"").append(layer.name()).append("\";\n"));
        }
        return dot.append("}\n").toString();
    }
}
