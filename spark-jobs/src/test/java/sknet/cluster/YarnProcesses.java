package sknet.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.SignalContainerCommand;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * The YARN of {@code deploy/yarn/local.sh}: a ResourceManager and two NodeManagers, each a process, on 127.0.0.1 only. A shell stops them when this
 * JVM ends, however it does, for then the pipe to its input is closed.
 */
public final class YarnProcesses implements AutoCloseable {

    private static final Path SCRIPT = Path.of("..", "deploy", "yarn", "local.sh").toAbsolutePath().normalize();
    private static final String LEASH = "\"$0\" start \"$1\" \"$2\" \"$3\" && { read -r end; \"$0\" stop \"$1\"; }";
    /** Of the ResourceManager, from its first port. */
    private static final List<Integer> PORTS = List.of(0, 1, 2, 3, 58);

    private final Path directory;
    private final Process leash;
    private YarnClient client;

    private YarnProcesses(Path directory, Process leash) {
        this.directory = directory;
        this.leash = leash;
    }

    /** Starts a YARN in an empty directory. */
    public static YarnProcesses start(Path directory, URI hdfs) throws IOException, InterruptedException {
        Path log = Files.createDirectories(directory).resolve("local.log");
        Process leash = new ProcessBuilder("/bin/bash", "-c", LEASH, SCRIPT.toString(), directory.toString(), hdfs.toString(),
            Integer.toString(firstPort())).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        YarnProcesses yarn = new YarnProcesses(directory, leash);
        try {
            ServerProcess.await("YARN to run: " + log, () -> {
                if (!leash.isAlive()) {
                    throw new IllegalStateException("YARN did not start: " + text(log));
                }
                return text(log).contains("YARN runs");
            });
            Configuration configuration = new YarnConfiguration();
            configuration.addResource(new org.apache.hadoop.fs.Path(yarn.configuration().resolve("yarn-site.xml").toUri()));
            yarn.client = YarnClient.createYarnClient();
            yarn.client.init(configuration);
            yarn.client.start();
            return yarn;
        } catch (RuntimeException e) {
            yarn.close();
            throw e;
        }
    }

    private static int firstPort() throws IOException {
        while (true) {
            int first = ServerProcess.freePort();
            if (PORTS.stream().allMatch(port -> isFree(first + port))) {
                return first;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For {@code HADOOP_CONF_DIR}. */
    public Path configuration() {
        return directory.resolve("conf");
    }

    /** The processes of all executors that run now. */
    public List<ProcessHandle> executors() {
        return containers("YarnCoarseGrainedExecutorBackend");
    }

    /** The processes of all ApplicationMasters that run now; in cluster mode each is a driver. */
    public List<ProcessHandle> masters() {
        return containers("deploy.yarn.ApplicationMaster");
    }

    private List<ProcessHandle> containers(String main) {
        return ProcessHandle.allProcesses().filter(process -> process.info().command().orElse("").endsWith("java"))
            .filter(process -> commandLine(process).contains(directory.toString()) && commandLine(process).contains(main)).toList();
    }

    /** The node whose container a process is, like {@code node-1}. */
    public String node(ProcessHandle process) {
        String line = commandLine(process);
        String rest = line.substring(line.indexOf(directory.toString()) + directory.toString().length() + 1);
        return rest.substring(0, rest.indexOf('/'));
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            // It has ended.
            return "";
        }
    }

    public ApplicationReport report(String application) throws IOException, YarnException {
        return client.getApplicationReport(ApplicationId.fromString(application));
    }

    /** Number of times that YARN has started the driver of an application. */
    public int attempts(String application) throws IOException, YarnException {
        return client.getApplicationAttempts(ApplicationId.fromString(application)).size();
    }

    /** Does what {@code yarn container -signal ID GRACEFUL_SHUTDOWN} does with the newest driver of an application. */
    public void shutDownGracefully(String application) throws IOException, YarnException {
        var attempt = report(application).getCurrentApplicationAttemptId();
        client.signalToContainer(client.getApplicationAttemptReport(attempt).getAMContainerId(), SignalContainerCommand.GRACEFUL_SHUTDOWN);
    }

    @Override
    public void close() {
        try {
            if (client != null) {
                client.close();
            }
            leash.getOutputStream().close();
            if (!leash.waitFor(90, TimeUnit.SECONDS)) {
                throw new IllegalStateException("YARN did not stop: " + directory);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
