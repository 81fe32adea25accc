package sknet.hdfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.cluster.ListeningSockets;
import sknet.cluster.ListeningSockets.ListeningSocket;

class EmbeddedHdfsIT {
    private static final int BLOCK = 64 * 1024;
    private static final Path FILE = new Path("/data/shard");

    @TempDir
    private java.nio.file.Path temporary;
    private java.nio.file.Path directory;

    @BeforeEach
    void aDirectoryWithABlankInItsName() throws IOException {
        directory = Files.createDirectory(temporary.resolve("an hdfs"));
    }

    @Test
    void aFileOfSeveralBlocksIsOnBothDataNodes() throws IOException {
        try (EmbeddedHdfs hdfs = EmbeddedHdfs.start(directory, BLOCK); FileSystem client = client(hdfs)) {
            write(client);
            BlockLocation[] blocks = client.getFileBlockLocations(FILE, 0, client.getFileStatus(FILE).getLen());
            assertEquals(4, blocks.length);
            for (BlockLocation block : blocks) {
                assertEquals(2, block.getNames().length);
            }
            assertEquals("127.0.0.1", hdfs.uri().getHost());
        }
    }

    /** In another process: the servers are built to delete what they wrote when theirs ends. */
    @Test
    void whatAnotherProcessWroteIsThereAfterItsEnd() throws Exception {
        Process writer = new ProcessBuilder(System.getProperty("java.home") + "/bin/java",
            "-cp", System.getProperty("java.class.path"), Writer.class.getName(), directory.toString())
            .redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT).start();
        assertEquals(0, writer.waitFor());
        try (EmbeddedHdfs hdfs = EmbeddedHdfs.start(directory, BLOCK); FileSystem client = client(hdfs);
             FSDataInputStream in = client.open(FILE)) {
            assertArrayEquals(content(), in.readAllBytes());
        }
    }

    @Test
    void itsServersListenOnThisMachineOnly() throws IOException {
        Set<ListeningSocket> before = Set.copyOf(ListeningSockets.of(ProcessHandle.current().pid()));
        try (EmbeddedHdfs hdfs = EmbeddedHdfs.start(directory, BLOCK)) {
            Set<ListeningSocket> sockets = new HashSet<>(ListeningSockets.of(ProcessHandle.current().pid()));
            sockets.removeAll(before);
            assertTrue(sockets.stream().anyMatch(socket -> socket.port() == hdfs.uri().getPort()), sockets::toString);
            assertEquals(List.of(), sockets.stream().filter(socket -> !socket.isLocal()).toList());
        }
    }

    @Test
    void aFormatThatDidNotFinishIsDoneAgain() throws IOException {
        Files.createFile(directory.resolve("lock"));
        for (String half : List.of("name/current/VERSION", "data-1/current/VERSION")) {
            Files.createDirectories(directory.resolve(half).getParent());
            Files.writeString(directory.resolve(half), "layoutVersion=");
        }
        try (EmbeddedHdfs hdfs = EmbeddedHdfs.start(directory, BLOCK); FileSystem client = client(hdfs)) {
            assertTrue(client.mkdirs(new Path("/data")));
            IOException error = assertThrows(IOException.class, () -> EmbeddedHdfs.start(directory, BLOCK));
            assertEquals("Cannot start an HDFS in " + directory + ": another one is running there", error.getMessage());
        }
    }

    @Test
    void aDirectoryWithOtherFilesIsRefusedAndUntouched() throws IOException {
        Files.writeString(directory.resolve("photograph.jpg"), "not ours");
        IOException error = assertThrows(IOException.class, () -> EmbeddedHdfs.start(directory, BLOCK));
        assertEquals("Cannot start an HDFS in " + directory + ": it holds other files (expected an empty directory)",
            error.getMessage());
        try (Stream<java.nio.file.Path> entries = Files.list(directory)) {
            assertEquals(List.of("photograph.jpg"), entries.map(entry -> entry.getFileName().toString()).toList());
        }
    }

    @Test
    void withoutTheServersClassesTheErrorTellsWhatToAdd() throws Exception {
        URL classes = EmbeddedHdfs.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader parent = new WithoutServers(getClass().getClassLoader());
        try (URLClassLoader bare = new URLClassLoader(new URL[] {classes}, parent)) {
            var start = bare.loadClass(EmbeddedHdfs.class.getName()).getMethod("start", java.nio.file.Path.class, long.class);
            Exception error = assertThrows(ReflectiveOperationException.class, () -> start.invoke(null, directory, BLOCK));
            assertEquals("Cannot start an embedded HDFS: no class org.apache.hadoop.hdfs.MiniDFSCluster"
                + " (expected on the class path: --driver-class-path 'spark-jobs/target/spark-home/hadoop/*')",
                error.getCause().getMessage());
        }
    }

    private static byte[] content() {
        byte[] content = new byte[3 * BLOCK + 100];
        new Random(1).nextBytes(content);
        return content;
    }

    private static void write(FileSystem client) throws IOException {
        try (FSDataOutputStream out = client.create(FILE)) {
            out.write(content());
        }
    }

    private static FileSystem client(EmbeddedHdfs hdfs) throws IOException {
        Configuration configuration = new Configuration();
        hdfs.clientSettings().forEach(configuration::set);
        return FileSystem.newInstance(hdfs.uri(), configuration);
    }

    /** The main class of the other process. */
    static final class Writer {
        public static void main(String[] arguments) throws IOException {
            java.nio.file.Path directory = java.nio.file.Path.of(arguments[0]);
            try (EmbeddedHdfs hdfs = EmbeddedHdfs.start(directory, BLOCK); FileSystem client = client(hdfs)) {
                write(client);
            }
        }
    }

    /** The class path of the test without the servers of HDFS, nor the class under test, which then loads beside them. */
    private static final class WithoutServers extends ClassLoader {
        WithoutServers(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.hadoop.hdfs.MiniDFSCluster") || name.equals(EmbeddedHdfs.class.getName())) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }
}
