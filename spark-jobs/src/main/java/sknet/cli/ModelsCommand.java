package sknet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.inputs.InputType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.model.Complexity;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

/** {@code sknet models}. */
@Command(name = "models", mixinStandardHelpOptions = true,
    description = "Lists the architectures with their parameters and multiply-adds, counted on the built graph, beside the paper's figures.")
final class ModelsCommand implements Callable<Integer> {

    @Option(names = "--size", paramLabel = "PIXELS", description = "Width and height of the input (default: each model's own).")
    private Integer size;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private CommonOptions common;

    /**
     * A model's line.
     *
     * @param parameters               that gradients reach
     * @param parametersWithStatistics those and batch norm's running statistics
     * @param multiplyAdds             of convolutions and fully connected layers, one image
     * @param selectProducts           of Select, one image; apart, since the paper's GFLOPs seem to hold them
     * @param paperMillionParameters   null where the paper names none
     * @param paperGigaMultiplyAdds    null where the paper names none
     */
    record Line(String name, int size, int classes, long parameters, long parametersWithStatistics, long multiplyAdds,
                long selectProducts, Double paperMillionParameters, Double paperGigaMultiplyAdds) {

        static Line of(ModelCatalogue.Entry entry, int size) {
            Complexity complexity = Complexity.of(
                NetworkBuilder.build(entry.architecture(), NetworkOptions.of(entry.classes(), size)), InputType.convolutional(size, size, 3));
            return new Line(entry.architecture().name(), size, entry.classes(), complexity.trainable(), complexity.withStatistics(),
                complexity.multiplyAdds(), complexity.selectProducts(), entry.paperMillions(), entry.paperGigaFlops());
        }
    }

    @Override
    public Integer call() throws JsonProcessingException {
        common.settings();
        if (size != null && size < 1) {
            throw new IllegalArgumentException("Cannot use --size " + size + " (expected at least 1)");
        }
        List<Line> lines = new ArrayList<>();
        for (ModelCatalogue.Entry entry : ModelCatalogue.entries()) {
            lines.add(Line.of(entry, size == null ? entry.architecture().imageSize() : size));
        }
        System.out.print(json ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(lines) + "\n" : table(lines));
        return 0;
    }

    private static String table(List<Line> lines) {
        StringBuilder table = new StringBuilder(String.format("%-18s %5s %8s %14s %14s %10s %16s %16s %8s%n", "model", "size", "classes",
            "parameters", "with BN stats", "paper's", "multiply-adds", "Select's", "paper's"));
        for (Line line : lines) {
            table.append(String.format(Locale.ROOT, "%-18s %5d %8d %,14d %,14d %10s %,16d %,16d %8s%n", line.name(), line.size(),
                line.classes(), line.parameters(), line.parametersWithStatistics(), figure(line.paperMillionParameters(), "M"),
                line.multiplyAdds(), line.selectProducts(), figure(line.paperGigaMultiplyAdds(), "G")));
        }
        return table.toString();
    }

    private static String figure(Double value, String unit) {
        return value == null ? "-" : value + unit;
    }
}
