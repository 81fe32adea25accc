package sknet.hdfs;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/**
 * A NameNode and two DataNodes in this process: real HDFS, real sockets on 127.0.0.1, on ports that are free. What is written
 * stays in the directory and is there again when an HDFS is started in it anew; the port, and so {@link #uri()}, differs.
 *
 * <p>HDFS lets the client choose the size of its blocks and how many copies there are: whoever writes, the executors included,
 * must have {@link #clientSettings()}.
 */
public final class EmbeddedHdfs implements AutoCloseable {
    private static final String SERVER_CLASS = "org.apache.hadoop.hdfs.MiniDFSCluster";
    private static final List<String> DATA_DIRECTORIES = List.of("data-1", "data-2");
    /** The first file in the directory: locked while an HDFS runs there. */
    private static final String LOCK = "lock";
    /** Written as soon as the formatted HDFS has once come up. */
    private static final String FORMATTED = "formatted";

    private final FileChannel lock;
    private final MiniDFSCluster cluster;
    private final Map<String, String> clientSettings;

    private EmbeddedHdfs(FileChannel lock, MiniDFSCluster cluster, Map<String, String> clientSettings) {
        this.lock = lock;
        this.cluster = cluster;
        this.clientSettings = clientSettings;
    }

    /**
     * Starts HDFS and waits until it can be written to: some seconds.
     *
     * @param directory holds the image of the NameNode and the blocks; made and formatted when absent, empty or half-formatted
     * @param blockBytes the size of a block, a multiple of 512
     * @throws IOException when the directory holds other files, is in use by another HDFS, or cannot be written
     * @throws IllegalStateException when the classes of HDFS's servers are not on the class path
     */
    public static EmbeddedHdfs start(Path directory, long blockBytes) throws IOException {
        requireServers();
        FileChannel lock = lock(directory);
        try {
            Map<String, String> clientSettings = Map.of(
                "dfs.blocksize", Long.toString(blockBytes),
                "dfs.replication", Integer.toString(DATA_DIRECTORIES.size()));
            return new EmbeddedHdfs(lock, startServers(directory, clientSettings), clientSettings);
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /** Its address, {@code hdfs://127.0.0.1:PORT}. */
    public URI uri() {
        // The cluster's own says localhost, which a machine may resolve to an address it does not listen on.
        return URI.create("hdfs://127.0.0.1:" + cluster.getNameNodePort());
    }

    /** What a client must set in its Hadoop configuration to write blocks of the given size, one copy on each DataNode. */
    public Map<String, String> clientSettings() {
        return clientSettings;
    }

    /** Stops the servers and leaves the directory for another start. */
    @Override
    public void close() throws IOException {
        try (lock) {
            cluster.shutdown();
        }
    }

    private static MiniDFSCluster startServers(Path directory, Map<String, String> clientSettings) throws IOException {
        boolean formatted = Files.exists(directory.resolve(FORMATTED));
        Configuration configuration = new Configuration();
        clientSettings.forEach(configuration::set);
        configuration.setLong("dfs.namenode.fs-limits.min-block-size", 0);
        configuration.set("dfs.namenode.name.dir", directory.resolve("name").toUri().toString());
        Configuration[] dataNodes = new Configuration[DATA_DIRECTORIES.size()];
        for (int node = 0; node < dataNodes.length; node++) {
            Path data = directory.resolve(DATA_DIRECTORIES.get(node));
            if (!formatted && Files.exists(data) && !FileUtil.fullyDelete(data.toFile())) {
                throw new IOException("Cannot format the HDFS in " + directory + ": " + data + " cannot be deleted");
            }
            dataNodes[node] = new Configuration(false);
            // Not a URI: the DataNode would take the escape of a blank for a part of the name.
            dataNodes[node].set("dfs.datanode.data.dir", data.toAbsolutePath().toString());
        }
        // The cluster deletes its own base directory when the JVM ends: nothing that shall last may be in there.
        MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration, directory.resolve("scratch").toFile())
            .numDataNodes(dataNodes.length)
            .manageNameDfsDirs(false)
            .manageDataDfsDirs(false)
            .dataNodeConfOverlays(dataNodes)
            .format(!formatted)
            .skipFsyncForTesting(false)
            .build();
        if (!formatted) {
            Files.createFile(directory.resolve(FORMATTED));
        }
        return cluster;
    }

    /** Formatting deletes: only a directory that is ours, and that no other process is using. */
    private static FileChannel lock(Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        Files.createDirectories(directory);
        try (Stream<Path> entries = Files.list(directory)) {
            if (!Files.exists(file) && entries.findAny().isPresent()) {
                throw new IOException("Cannot start an HDFS in " + directory
                    + ": it holds other files (expected an empty directory)");
            }
        }
        FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!tryLock(lock)) {
            lock.close();
            throw new IOException("Cannot start an HDFS in " + directory + ": another one is running there");
        }
        return lock;
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void requireServers() {
        try {
            Class.forName(SERVER_CLASS, false, EmbeddedHdfs.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("Cannot start an embedded HDFS: no class " + SERVER_CLASS
                + " (expected on the class path: --driver-class-path 'spark-jobs/target/spark-home/hadoop/*')", e);
        }
    }
}
