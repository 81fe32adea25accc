package sknet.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A command of the launcher, in a process of its own. */
public record Job(Process process, Path log) {

    private static final Path LAUNCHER = Path.of("..", "sknet").toAbsolutePath().normalize();

    /**
     * Starts a command.
     *
     * @param log           its standard output and error
     * @param sparkSettings {@code key=value}
     */
    public static Job start(Path log, String master, List<String> sparkSettings, String... arguments) throws IOException {
        return start(log, master, Map.of(), sparkSettings, arguments);
    }

    /**
     * Starts a command.
     *
     * @param log           its standard output and error
     * @param environment   variables beside this process's own
     * @param sparkSettings {@code key=value}
     */
    public static Job start(Path log, String master, Map<String, String> environment, List<String> sparkSettings, String... arguments)
        throws IOException {
        List<String> options = new ArrayList<>(List.of("--master", master));
        List.of("spark.executor.memory=1g", "spark.driver.memory=1g").forEach(setting -> options.addAll(List.of("--spark-conf", setting)));
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("SPARK_LOCAL_IP", "127.0.0.1");
        return launch(log, all, options, sparkSettings, arguments);
    }

    /**
     * Starts a command with a configuration directory that says where it runs.
     *
     * @param log           its standard output and error
     * @param configuration for SPARK_CONF_DIR
     * @param sparkSettings {@code key=value}
     */
    public static Job startWith(Path configuration, Path log, List<String> sparkSettings, String... arguments) throws IOException {
        return launch(log, Map.of("SPARK_CONF_DIR", configuration.toString()), List.of(), sparkSettings, arguments);
    }

    private static Job launch(Path log, Map<String, String> environment, List<String> options, List<String> sparkSettings, String... arguments)
        throws IOException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(options);
        sparkSettings.forEach(setting -> command.addAll(List.of("--spark-conf", setting)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new Job(builder.start(), log);
    }

    /** A port on 127.0.0.1 that is free now, for a server that the command is to start. */
    public static int freePort() throws IOException {
        return ServerProcess.freePort();
    }

    /** Waits for something that is to happen while the command runs. */
    public void await(BooleanSupplier condition) throws InterruptedException {
        await(condition, this::output);
    }

    /** @param output tells why, if the command ends before */
    public void await(BooleanSupplier condition, Supplier<String> output) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            assertTrue(process.isAlive(), output);
            Thread.sleep(50);
        }
    }

    public int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Kills the driver, by SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
