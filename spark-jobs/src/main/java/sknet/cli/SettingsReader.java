package sknet.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Reads settings by key and collects what is wrong with them, so that the user sees all problems at once. */
final class SettingsReader {

    private static final String REFERENCE = "reference.conf";

    private final Config config;
    private final List<String> problems = new ArrayList<>();

    private SettingsReader(Config config) {
        this.config = config;
    }

    /**
     * Layers the overrides over reference.conf. Unknown keys are problems already.
     *
     * @param presets   files win over them; later ones win
     * @param files     later ones win
     * @param overrides {@code key=value}; win over files
     */
    static SettingsReader load(List<Config> presets, List<Path> files, List<String> overrides) {
        Config reference = resource(REFERENCE);
        List<String> problems = new ArrayList<>();
        Config user = ConfigFactory.empty();
        for (Config preset : presets) {
            user = preset.withFallback(user);
        }
        for (Path file : files) {
            user = parseFile(file, problems).withFallback(user);
        }
        for (String override : overrides) {
            user = parseOverride(override, problems).withFallback(user);
        }
        Set<String> known = keys(reference);
        for (String key : keys(user)) {
            if (!known.contains(key)) {
                problems.add("Cannot use key " + key + " (" + origin(user, key) + "): it is unknown (did you mean " + nearest(key, known)
                    + "?)");
            }
        }
        SettingsReader reader = new SettingsReader(user.withFallback(reference).resolve());
        reader.problems.addAll(problems);
        return reader;
    }

    /** A file that comes with the program. */
    static Config resource(String name) {
        return ConfigFactory.parseResources(SettingsReader.class.getClassLoader(), name,
            ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private static Config parseFile(Path file, List<String> problems) {
        if (!Files.isReadable(file)) {
            problems.add("Cannot read configuration " + file + ": there is no such file");
            return ConfigFactory.empty();
        }
        try {
            return ConfigFactory.parseFile(file.toFile(), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF));
        } catch (ConfigException e) {
            problems.add("Cannot read configuration " + file + ": " + e.getMessage());
            return ConfigFactory.empty();
        }
    }

    private static Config parseOverride(String override, List<String> problems) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            problems.add("Cannot use --set " + override + " (expected key=value)");
            return ConfigFactory.empty();
        }
        try {
            return ConfigFactory.parseString(override, ConfigParseOptions.defaults().setOriginDescription("--set"));
        } catch (ConfigException e) {
            problems.add("Cannot use --set " + override + ": " + e.getMessage());
            return ConfigFactory.empty();
        }
    }

    private static Set<String> keys(Config config) {
        Set<String> keys = new TreeSet<>();
        config.entrySet().forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }

    private static String origin(Config config, String key) {
        return config.getValue(key).origin().description();
    }

    private static String nearest(String key, Set<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream().min(Comparator.comparingInt(candidate -> distance.apply(key, candidate))).orElseThrow();
    }

    String text(String key) {
        return read(key, config::getString, "a string", "");
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        String value = text(key);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().replace('_', '-').equalsIgnoreCase(value)) {
                return constant;
            }
        }
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(constant.name().replace('_', '-').toLowerCase(Locale.ROOT));
        }
        invalid(key, value, "one of " + String.join(", ", names));
        return type.getEnumConstants()[0];
    }

    int integer(String key, int min) {
        return (int) whole(key, min, Integer.MAX_VALUE, config::getLong);
    }

    long wholeNumber(String key) {
        return whole(key, Long.MIN_VALUE, Long.MAX_VALUE, config::getLong);
    }

    long bytes(String key, long min) {
        return whole(key, min, Long.MAX_VALUE, config::getBytes);
    }

    private long whole(String key, long min, long max, Function<String, Long> getter) {
        long value = read(key, getter, "a whole number", min);
        LongPredicate valid = number -> number >= min && number <= max;
        if (!valid.test(value)) {
            invalid(key, value, min == Long.MIN_VALUE ? "a whole number" : "a whole number of at least " + min);
        }
        return value;
    }

    double number(String key, DoublePredicate valid, String expected) {
        double value = read(key, config::getDouble, expected, Double.NaN);
        if (!Double.isNaN(value) && !valid.test(value)) {
            invalid(key, value, expected);
        }
        return value;
    }

    List<Double> numbers(String key, DoublePredicate valid, String expected) {
        List<Double> values = read(key, config::getDoubleList, "a list of " + expected, List.of());
        if (!values.stream().allMatch(valid::test)) {
            invalid(key, values, "a list of " + expected);
        }
        return List.copyOf(values);
    }

    List<Integer> integers(String key, int min) {
        String expected = "a list of whole numbers of at least " + min;
        List<Integer> values = read(key, config::getIntList, expected, List.of());
        if (!values.stream().allMatch(value -> value >= min)) {
            invalid(key, values, expected);
        }
        return List.copyOf(values);
    }

    Duration duration(String key, Duration min) {
        Duration value = read(key, config::getDuration, "a duration like '10 minutes'", min);
        if (value.compareTo(min) < 0) {
            invalid(key, value, "at least " + min.toSeconds() + " seconds");
        }
        return value;
    }

    private <T> T read(String key, Function<String, T> getter, String expected, T substitute) {
        try {
            return getter.apply(key);
        } catch (ConfigException.WrongType | ConfigException.BadValue e) {
            invalid(key, config.getValue(key).unwrapped(), expected);
            return substitute;
        }
    }

    /** Notes a problem with the value of a key. */
    void invalid(String key, Object value, String expected) {
        problems.add("Cannot use " + key + ": " + value + " (expected " + expected + "; from " + origin(config, key) + ")");
    }

    /** @throws InvalidSettingsException if there was any problem */
    void finish() {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    /** All settings in effect, by key, as text. */
    Map<String, String> effective() {
        Map<String, String> values = new TreeMap<>();
        config.entrySet().forEach(entry -> values.put(entry.getKey(), entry.getValue().unwrapped().toString()));
        return values;
    }
}
