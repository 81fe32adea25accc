package sknet.cli;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Options that every command takes. */
final class CommonOptions {

    @Option(names = "--conf", paramLabel = "FILE", description = "Settings that differ from conf/reference.conf (HOCON). May be repeated.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; wins over files. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--verbose", description = "Show stack traces.")
    @SuppressWarnings("unused")
    private boolean verbose;

    /** @param presets resources that the user's settings win over */
    Settings settings(String... presets) {
        return Settings.load(Stream.of(presets).map(SettingsReader::resource).toList(), files, overrides);
    }

    /** @param preset the user's settings win over it */
    Settings settingsOver(Config preset) {
        return Settings.load(List.of(preset), files, overrides);
    }

    /** @param model the model.name, whatever the user's settings say */
    Settings settingsOf(String model) {
        List<String> all = new ArrayList<>(overrides);
        all.add("model.name=" + model);
        return Settings.load(List.of(), files, all);
    }
}
