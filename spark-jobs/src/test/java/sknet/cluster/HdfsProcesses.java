package sknet.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;

/** A NameNode and two DataNodes, each a process, on 127.0.0.1 only. */
public final class HdfsProcesses implements AutoCloseable {

    private static final String PACKAGE = "org.apache.hadoop.hdfs.server.";
    private static final int DATA_NODES = 2;
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dhadoop.home.dir=/",
        "--add-opens=java.base/java.lang=ALL-UNNAMED");

    private final Path directory;
    private final int port;
    private final List<ServerProcess> dataNodes = new ArrayList<>();
    private ServerProcess nameNode;
    private DistributedFileSystem client;

    private HdfsProcesses(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** Formats and starts an HDFS in an empty directory. */
    public static HdfsProcesses start(Path directory) throws IOException, InterruptedException {
        HdfsProcesses hdfs = new HdfsProcesses(Files.createDirectories(directory), ServerProcess.freePort());
        Map<String, String> nameNode = new TreeMap<>(Map.of("dfs.namenode.name.dir", directory.resolve("name").toUri().toString(),
            "dfs.namenode.http-address", "127.0.0.1:0", "dfs.namenode.rpc-bind-host", "127.0.0.1",
            "dfs.namenode.fs-limits.min-block-size", "0", "dfs.namenode.safemode.extension", "1000",
            "dfs.namenode.heartbeat.recheck-interval", "5000"));
        hdfs.configure("name", nameNode);
        for (int i = 0; i < DATA_NODES; i++) {
            hdfs.configure("data-" + i, Map.of("dfs.datanode.data.dir", directory.resolve("blocks-" + i).toString(),
                "dfs.datanode.address", "127.0.0.1:" + ServerProcess.freePort(), "dfs.datanode.http.address", "127.0.0.1:0",
                "dfs.datanode.ipc.address", "127.0.0.1:0", "dfs.datanode.hostname", "127.0.0.1"));
        }
        try {
            hdfs.format();
            hdfs.startNameNode();
            for (int i = 0; i < DATA_NODES; i++) {
                hdfs.dataNodes.add(hdfs.launch("data-" + i, "datanode.DataNode"));
            }
            hdfs.client = (DistributedFileSystem) FileSystem.newInstance(hdfs.uri(), hdfs.clientConfiguration());
            hdfs.awaitDataNodes();
            return hdfs;
        } catch (IOException | RuntimeException | InterruptedException e) {
            hdfs.close();
            throw e;
        }
    }

    private void configure(String node, Map<String, String> settings) throws IOException {
        Configuration configuration = new Configuration(false);
        configuration.set("fs.defaultFS", uri().toString());
        configuration.set("dfs.heartbeat.interval", "1");
        settings.forEach(configuration::set);
        Path folder = Files.createDirectories(directory.resolve("conf-" + node));
        try (var out = Files.newOutputStream(folder.resolve("hdfs-site.xml"))) {
            configuration.writeXml(out);
        }
        Files.copy(folder.resolve("hdfs-site.xml"), folder.resolve("core-site.xml"));
        Files.writeString(folder.resolve("log4j2.properties"), """
            rootLogger.level = warn
            rootLogger.appenderRef.stderr.ref = stderr
            appender.stderr.type = Console
            appender.stderr.name = stderr
            appender.stderr.target = SYSTEM_ERR
            appender.stderr.layout.type = PatternLayout
            appender.stderr.layout.pattern = %d{HH:mm:ss} %-5p %c{1}: %m%n%ex
            """);
    }

    private void format() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ServerProcess.java()));
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", classPath("name"), PACKAGE + "namenode.NameNode", "-format", "-nonInteractive"));
        Path log = directory.resolve("format.log");
        if (new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor() != 0) {
            throw new IOException("Cannot format the HDFS: " + Files.readString(log));
        }
    }

    private String classPath(String node) {
        return directory.resolve("conf-" + node) + ":" + SparkHome.JARS + ":" + SparkHome.HADOOP_JARS;
    }

    private ServerProcess launch(String node, String main) throws IOException {
        return ServerProcess.start(node, OPTIONS, classPath(node), Map.of(), directory.resolve(node + ".log"), PACKAGE + main);
    }

    /** Its address. */
    public URI uri() {
        return URI.create("hdfs://127.0.0.1:" + port);
    }

    /** What clients must set: HDFS leaves the size of blocks and their copies to them. */
    public static Map<String, String> clientSettings() {
        return Map.of("dfs.blocksize", "1048576", "dfs.replication", Integer.toString(DATA_NODES));
    }

    private Configuration clientConfiguration() {
        Configuration configuration = new Configuration();
        clientSettings().forEach(configuration::set);
        return configuration;
    }

    /** A client of this HDFS. */
    public DistributedFileSystem client() {
        return client;
    }

    /** Waits until all DataNodes are known to live. */
    public void awaitDataNodes() {
        ServerProcess.await("the DataNodes", () -> {
            try {
                return client.getDataNodeStats(DatanodeReportType.LIVE).length == DATA_NODES && !client.setSafeMode(SafeModeAction.SAFEMODE_GET);
            } catch (IOException e) {
                return false;
            }
        });
    }

    public void killDataNode(int number) {
        dataNodes.get(number).close();
    }

    public void startDataNode(int number) throws IOException {
        dataNodes.set(number, launch("data-" + number, "datanode.DataNode"));
    }

    /** Kills the NameNode, by SIGKILL. */
    public void stopNameNode() {
        nameNode.close();
    }

    public void startNameNode() throws IOException {
        nameNode = launch("name", "namenode.NameNode");
    }

    public void enterSafeMode() throws IOException {
        client.setSafeMode(SafeModeAction.SAFEMODE_ENTER);
    }

    public void leaveSafeMode() throws IOException {
        client.setSafeMode(SafeModeAction.SAFEMODE_LEAVE);
    }

    @Override
    public void close() {
        dataNodes.forEach(ServerProcess::close);
        if (nameNode != null) {
            nameNode.close();
        }
    }
}
