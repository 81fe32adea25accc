package sknet.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The cluster of {@code deploy/standalone}, by its script, in a directory and on ports of its own. It is stopped by the script when this JVM
 * ends, however it does: a shell, which no signal to this JVM's group reaches, waits for the end of its input.
 */
public final class DeployedCluster implements AutoCloseable {

    private static final Path SCRIPTS = Path.of("..", "deploy", "standalone").toAbsolutePath().normalize();
    private static final String LEASH = "read -r end; exec \"$@\"";

    private final Path directory;
    private final Path file;
    private final Process leash;

    private DeployedCluster(Path directory, Path file, Process leash) {
        this.directory = directory;
        this.file = file;
        this.leash = leash;
    }

    /** What a script has printed, both ways, and its exit code. */
    public record Outcome(int exitCode, String output) {
    }

    /**
     * Writes the cluster's file; nothing is started.
     *
     * @param settings of cluster.conf, without directory and ports
     */
    public static DeployedCluster of(Path directory, Map<String, String> settings) throws IOException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("DIRECTORY", directory.toString());
        for (String port : List.of("NAMENODE_PORT", "NAMENODE_WEB_PORT", "MASTER_PORT", "MASTER_WEB_PORT")) {
            all.put(port, Integer.toString(ServerProcess.freePort()));
        }
        Path file = Files.createDirectories(directory).resolve("cluster.conf");
        Files.write(file, all.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
        Process leash = new ProcessBuilder("setsid", "/bin/sh", "-c", LEASH, "leash", script("cluster.sh"), "--conf", file.toString(), "stop")
            .redirectErrorStream(true).redirectOutput(directory.resolve("leash.log").toFile()).start();
        return new DeployedCluster(directory, file, leash);
    }

    static String script(String name) {
        return SCRIPTS.resolve(name).toString();
    }

    /** Runs {@code cluster.sh}. */
    public Outcome cluster(String action) throws IOException, InterruptedException {
        return run(Map.of(), script("cluster.sh"), "--conf", file.toString(), action);
    }

    /** Runs a script to its end, with the environment given besides. */
    public static Outcome run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("script", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            int exitCode = builder.start().waitFor();
            return new Outcome(exitCode, Files.readString(log));
        } finally {
            Files.delete(log);
        }
    }

    /** For SPARK_CONF_DIR. */
    public Path configuration() {
        return directory.resolve("conf");
    }

    /** Where its daemons keep what they write. */
    public Path directory() {
        return directory;
    }

    /** All processes that have the cluster's directory on their command lines: daemons and executors. */
    public List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(process -> process.pid() != leash.pid() && commandLine(process).contains(directory.toString())
            && commandLine(process).contains("java")).toList();
    }

    /** The executors that run now. */
    public List<ProcessHandle> executors() {
        return processes().stream().filter(process -> commandLine(process).contains("CoarseGrainedExecutorBackend")).toList();
    }

    /** Arguments, separated by blanks. {@link ProcessHandle.Info#commandLine} has none of long ones. */
    public static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            // It has ended.
            return "";
        }
    }

    /** Waits until nothing of it runs. */
    public void awaitEnd() {
        ServerProcess.await("the cluster to end", () -> processes().isEmpty());
    }

    /** Stops it, and kills what is still there. */
    @Override
    public void close() throws IOException {
        leash.getOutputStream().close();
        try {
            if (!leash.waitFor(2, TimeUnit.MINUTES)) {
                leash.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<ProcessHandle> left = new ArrayList<>(processes());
        left.forEach(ProcessHandle::destroyForcibly);
    }
}
