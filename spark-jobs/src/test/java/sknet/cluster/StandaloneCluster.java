package sknet.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** A Spark Master and two Workers of one core each, all of them processes, on 127.0.0.1 only. Executors are children of the Workers. */
public final class StandaloneCluster implements AutoCloseable {

    private static final String PACKAGE = "org.apache.spark.deploy.";
    private static final int WORKERS = 2;

    private final Path directory;
    private final int port;
    private final Map<String, String> settings;
    private final List<ServerProcess> servers = new ArrayList<>();

    private StandaloneCluster(Path directory, int port, Map<String, String> settings) {
        this.directory = directory;
        this.port = port;
        this.settings = settings;
    }

    public static StandaloneCluster start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /** @param settings of Spark, for Master and Workers */
    public static StandaloneCluster start(Path directory, Map<String, String> settings) throws IOException {
        StandaloneCluster cluster = new StandaloneCluster(Files.createDirectories(directory), ServerProcess.freePort(), settings);
        try {
            cluster.launch("master", "master.Master", "--host", "127.0.0.1", "--port", Integer.toString(cluster.port), "--webui-port", "0")
                .awaitLog("I have been elected leader");
            for (int i = 0; i < WORKERS; i++) {
                cluster.launch("worker-" + i, "worker.Worker", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0", "--cores", "1",
                    "--memory", "1500m", "--work-dir", directory.resolve("work-" + i).toString(), cluster.master());
            }
            for (ServerProcess worker : cluster.servers.subList(1, 1 + WORKERS)) {
                worker.awaitLog("Successfully registered with master");
            }
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private ServerProcess launch(String name, String... main) throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        options.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        Files.createDirectories(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/log4j2.properties"), """
            rootLogger.level = warn
            rootLogger.appenderRef.stderr.ref = stderr
            appender.stderr.type = Console
            appender.stderr.name = stderr
            appender.stderr.target = SYSTEM_ERR
            appender.stderr.layout.type = PatternLayout
            appender.stderr.layout.pattern = %d{HH:mm:ss} %-5p %c{1}: %m%n%ex
            logger.deploy.name = org.apache.spark.deploy
            logger.deploy.level = info
            """);
        // Master and Workers read it there; their command lines everybody can read.
        StringBuilder defaults = new StringBuilder();
        settings.forEach((key, value) -> defaults.append(key).append(' ').append(value).append('\n'));
        Files.writeString(directory.resolve("conf/spark-defaults.conf"), defaults);
        main[0] = PACKAGE + main[0];
        ServerProcess server = ServerProcess.start(name, options, directory.resolve("conf") + ":" + SparkHome.JARS, environment(),
            directory.resolve(name + ".log"), main);
        servers.add(server);
        return server;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(SparkHome.ENVIRONMENT);
        environment.put("SPARK_CONF_DIR", directory.resolve("conf").toString());
        return environment;
    }

    /** For {@code --master}. */
    public String master() {
        return "spark://127.0.0.1:" + port;
    }

    /** The processes of all executors that run now. */
    public List<ProcessHandle> executors() {
        return servers.stream().flatMap(server -> server.handle().descendants())
            .filter(process -> process.isAlive() && process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend")).toList();
    }

    /** Waits until no executor runs and removes what they leave, each a copy of the application. */
    public void tidyUp() throws IOException {
        ServerProcess.await("the executors to end", () -> executors().isEmpty());
        for (int i = 0; i < WORKERS; i++) {
            delete(directory.resolve("work-" + i));
        }
    }

    private static void delete(Path work) throws IOException {
        try (Stream<Path> jars = Files.walk(work)) {
            for (Path jar : jars.filter(path -> path.toString().endsWith(".jar")).toList()) {
                Files.delete(jar);
            }
        }
    }

    @Override
    public void close() {
        // The Workers first, with their executors: a Worker without a Master would start to look for one.
        for (int i = servers.size() - 1; i >= 0; i--) {
            servers.get(i).close();
        }
    }
}
