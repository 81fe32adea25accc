package sknet.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import sknet.experiment.Experiment;

/** Reads an experiment: settings for all of its rows, and a group {@code experiment}, and collects what is wrong with that group. */
final class ExperimentReader {

    private static final String GROUP = "experiment";
    private static final Set<String> KEYS = Set.of("title", "dataset", "evaluate", "rows", "attention");
    private static final Set<String> ROW_KEYS = Set.of("id", "label", "family", "model", "paper", "settings");

    private final String name;
    private final Config file;
    private final List<String> problems = new ArrayList<>();

    private ExperimentReader(String name, Config file) {
        this.name = name;
        this.file = file;
    }

    /**
     * Reads one.
     *
     * @param file a path, or the name of one that comes with the program, like table-2
     * @throws InvalidSettingsException with all problems of the group
     */
    static Experiment read(String file) {
        String name = Path.of(file).getFileName().toString().replaceFirst("\\.conf$", "");
        try {
            return new ExperimentReader(name, parse(file).resolve()).experiment();
        } catch (ConfigException e) {
            throw new IllegalArgumentException("Cannot read experiment " + file + ": " + e.getMessage(), e);
        }
    }

    private static Config parse(String file) {
        ConfigParseOptions options = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);
        if (Files.isRegularFile(Path.of(file))) {
            return ConfigFactory.parseFile(Path.of(file).toFile(), options);
        }
        String resource = "experiments/" + file.replaceFirst("\\.conf$", "") + ".conf";
        if (ExperimentReader.class.getClassLoader().getResource(resource) == null) {
            throw new IllegalArgumentException("Cannot read experiment " + file
                + ": there is no such file, and none of the name comes with sknet (docs/experiments.md lists those)");
        }
        return ConfigFactory.parseResources(ExperimentReader.class.getClassLoader(), resource, options);
    }

    private Experiment experiment() {
        if (!file.hasPath(GROUP)) {
            throw new IllegalArgumentException("Cannot read experiment " + name + ": it has no group \"" + GROUP + "\" (docs/experiments.md)");
        }
        Config group = file.getConfig(GROUP);
        onlyKnown(group.root(), KEYS, GROUP);
        List<Experiment.Row> rows = new ArrayList<>();
        Config common = file.withoutPath(GROUP);
        for (ConfigObject row : read(GROUP + ".rows", () -> group.getObjectList("rows"), List.<ConfigObject>of())) {
            rows.add(row(row, common));
        }
        if (rows.isEmpty()) {
            problems.add("Cannot use " + GROUP + ".rows: it is empty (expected a model at least)");
        }
        Experiment experiment = new Experiment(name, text(group, "title", name), text(group, "dataset", ""), evaluations(group), rows,
            attention(group));
        if (experiment.dataset().isEmpty()) {
            problems.add("Cannot use " + GROUP + ".dataset: it is missing (expected what the data set is called, like imagenet)");
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        return experiment;
    }

    private Experiment.Row row(ConfigObject object, Config common) {
        Config row = object.toConfig();
        String where = GROUP + ".rows (" + object.origin().description() + ")";
        onlyKnown(object, ROW_KEYS, where);
        String model = text(row, "model", "");
        if (model.isEmpty()) {
            problems.add("Cannot use " + where + ": it has no model");
        }
        Config own = row.hasPath("settings") ? row.getConfig("settings") : ConfigFactory.empty();
        String id = text(row, "id", model);
        if (!id.matches("[A-Za-z0-9._-]+") && !model.isEmpty()) {
            problems.add("Cannot use " + where + ": its id is " + id + " (expected letters, digits, '.', '_' and '-', for a directory)");
        }
        return new Experiment.Row(id, text(row, "label", id), text(row, "family", ""), paper(row, where),
            own.withFallback(common).withValue("model.name", ConfigValueFactory.fromAnyRef(model, object.origin().description())));
    }

    private Map<Integer, Double> paper(Config row, String where) {
        Map<Integer, Double> errors = new TreeMap<>();
        if (row.hasPath("paper")) {
            for (Map.Entry<String, ConfigValue> entry : row.getObject("paper").entrySet()) {
                if (entry.getKey().matches("\\d{1,5}") && entry.getValue().unwrapped() instanceof Number error) {
                    errors.put(Integer.valueOf(entry.getKey()), error.doubleValue());
                } else {
                    problems.add("Cannot use " + where + ": paper." + entry.getKey() + " is " + entry.getValue().unwrapped()
                        + " (expected a crop size, and the paper's error in percent)");
                }
            }
        }
        return errors;
    }

    private Experiment.Evaluations evaluations(Config group) {
        String value = text(group, "evaluate", "last");
        return switch (value) {
            case "last" -> Experiment.Evaluations.LAST;
            case "every" -> Experiment.Evaluations.EVERY;
            default -> {
                problems.add("Cannot use " + GROUP + ".evaluate: " + value + " (expected last or every)");
                yield Experiment.Evaluations.LAST;
            }
        };
    }

    private Optional<Experiment.AttentionScales> attention(Config group) {
        if (!group.hasPath("attention")) {
            return Optional.empty();
        }
        onlyKnown(group.getObject("attention"), Set.of("scales"), GROUP + ".attention");
        List<Double> scales = read(GROUP + ".attention.scales", () -> group.getDoubleList("attention.scales"), List.of(1.0));
        if (scales.isEmpty() || scales.stream().anyMatch(scale -> scale < 1)) {
            problems.add("Cannot use " + GROUP + ".attention.scales: " + scales + " (expected numbers of at least 1)");
        }
        return Optional.of(new Experiment.AttentionScales(scales));
    }

    private String text(Config config, String key, String missing) {
        return config.hasPath(key) ? read(key, () -> config.getString(key), missing) : missing;
    }

    private <T> T read(String key, Supplier<T> getter, T substitute) {
        try {
            return getter.get();
        } catch (ConfigException e) {
            problems.add("Cannot use " + key + ": " + e.getMessage());
            return substitute;
        }
    }

    private void onlyKnown(ConfigObject group, Set<String> known, String where) {
        Set<String> unknown = new HashSet<>(group.keySet());
        unknown.removeAll(known);
        unknown.forEach(key -> problems.add("Cannot use key " + key + " in " + where + ": it is unknown (expected one of "
            + String.join(", ", known.stream().sorted().toList()) + ")"));
    }
}
