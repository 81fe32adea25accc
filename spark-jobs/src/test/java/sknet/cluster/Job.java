package sknet.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "--master", master, "--spark-conf", "spark.executor.memory=1g",
            "--spark-conf", "spark.driver.memory=1g"));
        sparkSettings.forEach(setting -> command.addAll(List.of("--spark-conf", setting)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
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
