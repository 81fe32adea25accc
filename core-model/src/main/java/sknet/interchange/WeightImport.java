package sknet.interchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The tensors of a file and the parameters of a network, each with its own: nothing is left over, and all shapes are right. */
public final class WeightImport {
    /** What PyTorch's batch norms count and nobody reads. */
    private static final String IGNORED = ".num_batches_tracked";
    private static final int LISTED_PROBLEMS = 20;

    private final SafetensorsFile file;
    private final List<Assignment> assignments;

    private record Assignment(Tensor tensor, Layout layout, INDArray parameter) {}

    private WeightImport(SafetensorsFile file, List<Assignment> assignments) {
        this.file = file;
        this.assignments = assignments;
    }

    /**
     * Finds each parameter's tensor. Reads no values.
     *
     * @param file       where the weights are; stays the caller's to close
     * @param scheme     how its tensors are named
     * @param model      the network's name, for messages
     * @param network    an initialised network
     * @param classifier whether its outputs' layers are imported too
     * @throws IllegalArgumentException if tensors are missing, left over, or of a wrong shape or type; the message lists them
     */
    public static WeightImport match(SafetensorsFile file, NamingScheme scheme, String model, ComputationGraph network,
                                     Classifier classifier) {
        List<String> problems = new ArrayList<>();
        List<Assignment> assignments = new ArrayList<>();
        Set<String> known = new HashSet<>();
        List<String> leftAlone = classifier == Classifier.NEW ? network.getConfiguration().getNetworkOutputs() : List.of();
        network.paramTable().forEach((key, parameter) -> {
            String name = readable(key);
            Optional<NameRule> rule = scheme.rule(name);
            if (rule.isEmpty()) {
                problems.add("no tensor is named for " + name + " (expected a model whose parameters " + scheme.name() + " names)");
                return;
            }
            String fileName = rule.get().fileName(name).orElseThrow();
            Tensor tensor = file.tensors().get(fileName);
            Layout layout = rule.get().layout();
            known.add(fileName);
            if (leftAlone.contains(layer(key))) {
                return;
            }
            problem(fileName, tensor, layout.fileShape(shape(parameter)), name).ifPresentOrElse(problems::add,
                    () -> assignments.add(new Assignment(tensor, layout, parameter)));
        });
        file.tensors().values().stream().filter(tensor -> !known.contains(tensor.name()) && !tensor.name().endsWith(IGNORED))
                .forEach(tensor -> problems.add(tensor.name() + " " + tensor.shape() + " is left over (expected no such tensor)"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("Cannot import " + file.path() + " as " + model + " with the names of " + scheme.name()
                    + ": " + problems.size() + (problems.size() == 1 ? " problem" : " problems") + "\n  " + listing(problems));
        }
        assignments.sort(Comparator.comparingLong(assignment -> assignment.tensor().begin()));
        return new WeightImport(file, assignments);
    }

    private static Optional<String> problem(String fileName, Tensor tensor, List<Long> shape, String name) {
        if (tensor == null) {
            return Optional.of(fileName + " is missing (expected " + shape + " for " + name + ")");
        }
        if (!tensor.shape().equals(shape)) {
            return Optional.of(fileName + " has shape " + tensor.shape() + " (expected " + shape + " for " + name + ")");
        }
        return tensor.type().isFloat() ? Optional.empty()
                : Optional.of(fileName + " has type " + tensor.type() + " (expected "
                        + Arrays.stream(TensorType.values()).filter(TensorType::isFloat).toList() + ")");
    }

    private static String listing(List<String> problems) {
        List<String> listed = new ArrayList<>(problems.subList(0, Math.min(problems.size(), LISTED_PROBLEMS)));
        if (problems.size() > LISTED_PROBLEMS) {
            listed.add("and " + (problems.size() - LISTED_PROBLEMS) + " more");
        }
        return String.join("\n  ", listed);
    }

    /** DL4J's key {@code layer_parameter} as tables and messages have it; neither part has an underscore. */
    private static String readable(String key) {
        return key.replace('_', '/');
    }

    private static String layer(String key) {
        return key.substring(0, key.indexOf('_'));
    }

    /** A parameter's shape; DL4J has its classifier's bias as a row. */
    private static List<Long> shape(INDArray parameter) {
        return Arrays.stream(parameter.isRowVector() ? new long[] {parameter.length()} : parameter.shape()).boxed().toList();
    }

    /**
     * Reads the values into the network's parameters, running statistics among them.
     *
     * @throws IOException if the file cannot be read to its end; the parameters are of no use then
     */
    public void run() throws IOException {
        for (Assignment assignment : assignments) {
            long[] shape = assignment.tensor().shape().stream().mapToLong(Long::longValue).toArray();
            INDArray values = assignment.layout().ours(Nd4j.createFromArray(file.floats(assignment.tensor())).reshape('c', shape));
            assignment.parameter().assign(values.reshape('c', assignment.parameter().shape()));
        }
    }
}
