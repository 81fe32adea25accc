package sknet.interchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a program names the tensors of its networks: a table of rules, the resource {@code NAME.names} of this package. A line holds the
 * name in the file, the name of ours ({@code layer/parameter}), and a {@link Layout} where it is not SAME. {@code {norm}} on both sides
 * stands for the four vectors of a batch norm; {@code #} begins a comment.
 */
public final class NamingScheme {
    /** Where several recognise a file equally well, the first is taken. */
    private static final List<String> NAMES = List.of("torchvision", "torchvision-densenet", "torchvision-shufflenet", "timm-sknet", "transformers");
    private static final String NORM = "{norm}";
    /** The vectors of PyTorch's batch norm, and ours. */
    private static final Map<String, String> NORM_VECTORS =
            Map.of("weight", "gamma", "bias", "beta", "running_mean", "mean", "running_var", "variance");

    private final String name;
    private final List<NameRule> rules;

    private NamingScheme(String name, List<NameRule> rules) {
        this.name = name;
        this.rules = rules;
    }

    /** As {@link #named} takes it. */
    public String name() {
        return name;
    }

    private static List<NamingScheme> all() {
        return NAMES.stream().map(NamingScheme::read).toList();
    }

    /**
     * The scheme of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names
     */
    public static NamingScheme named(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("Cannot find names: " + name + " (expected one of " + String.join(", ", NAMES) + ")");
        }
        return read(name);
    }

    /**
     * The scheme that knows most of a file's tensors.
     *
     * @throws IllegalArgumentException if none knows any
     */
    public static NamingScheme recognise(SafetensorsFile file) {
        Collection<String> tensors = file.tensors().keySet();
        NamingScheme best = all().stream().min(Comparator.comparingLong(scheme -> -scheme.known(tensors))).orElseThrow();
        if (best.known(tensors) == 0) {
            throw new IllegalArgumentException("Cannot recognise the names in " + file.path() + ": " + tensors.stream().limit(3).toList()
                    + (tensors.size() > 3 ? " and " + (tensors.size() - 3) + " more" : "") + " (expected names as in one of "
                    + String.join(", ", NAMES) + ")");
        }
        return best;
    }

    private long known(Collection<String> tensors) {
        return tensors.stream().filter(tensor -> rules.stream().anyMatch(rule -> rule.inFile().match(tensor).isPresent())).count();
    }

    /** The rule about a parameter of ours, {@code layer/parameter}. */
    Optional<NameRule> rule(String parameter) {
        return rules.stream().filter(rule -> rule.fileName(parameter).isPresent()).findFirst();
    }

    private static NamingScheme read(String name) {
        try (InputStream table = NamingScheme.class.getResourceAsStream(name + ".names")) {
            List<NameRule> rules = new ArrayList<>();
            new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.replaceAll("#.*", "").strip())
                    .filter(line -> !line.isEmpty()).forEach(line -> rules.addAll(rules(line.split("\\s+"))));
            return new NamingScheme(name, rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<NameRule> rules(String[] words) {
        Layout layout = words.length == 2 ? Layout.SAME : Layout.valueOf(words[2].toUpperCase(Locale.ROOT));
        Stream<Map.Entry<String, String>> variants =
                words[0].contains(NORM) ? NORM_VECTORS.entrySet().stream() : Stream.of(Map.entry("", ""));
        return variants.map(vector -> new NameRule(new NameTemplate(words[0].replace(NORM, vector.getKey())),
                new NameTemplate(words[1].replace(NORM, vector.getValue())), layout)).toList();
    }
}
