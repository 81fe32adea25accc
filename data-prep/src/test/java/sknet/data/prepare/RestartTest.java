package sknet.data.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.image.TestImages;
import sknet.data.shard.DatasetManifest;

/** A preparation that is killed and given again. */
class RestartTest {
    private static final int SHARD_BYTES = 3000;
    private static final FileTime EARLY = FileTime.fromMillis(1_000_000_000_000L);
    private static JavaSparkContext spark;

    @TempDir
    private Path folder;
    private Path source;
    private Path output;
    private Map<String, String> undisturbed;

    @BeforeAll
    static void start() {
        spark = DatasetFiles.spark();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void prepareUndisturbed() throws IOException {
        source = folder.resolve("source");
        output = folder.resolve("output");
        for (int i = 0; i < 30; i++) {
            write("train/cat/" + i + ".png", TestImages.encode(TestImages.picture(20, 15 + i % 3, i), "png"));
        }
        write("val/cat/0.png", TestImages.encode(TestImages.picture(30, 15, 99), "png"));
        write("train/cat/damaged.png", "no image".getBytes(StandardCharsets.UTF_8));
        prepare(1);
        undisturbed = DatasetFiles.content(output);
        assertTrue(undisturbed.size() > 14, undisturbed.keySet()::toString);
    }

    @AfterEach
    void mend() {
        RunningTasks.awaitEnd(spark);
        spark.hadoopConfiguration().setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
    }

    @Test
    void aRerunFinishesWhatIsMissingAndDoesNotWriteKeptShardsAgain() throws IOException {
        killAfterResults(4);
        TreeSet<String> kept = keptShards();
        assertEquals(4, kept.size());
        for (String name : kept) {
            Files.setLastModifiedTime(output.resolve(name), EARLY);
        }
        prepare(1);
        assertEquals(undisturbed, DatasetFiles.content(output));
        for (String name : kept) {
            assertEquals(EARLY, Files.getLastModifiedTime(output.resolve(name)), name);
        }
    }

    @Test
    void itMayBeKilledAgainAndAgain() throws IOException {
        for (int i = 0; i < 3; i++) {
            killAfterResults(2);
        }
        assertEquals(6, keptShards().size());
        prepare(1);
        assertEquals(undisturbed, DatasetFiles.content(output));
    }

    @Test
    void aKeptShardThatWasDamagedIsWrittenAnew() throws IOException {
        killAfterResults(4);
        String first = keptShards().first();
        String last = keptShards().last();
        Files.write(output.resolve(first), new byte[] {1});
        Files.delete(output.resolve(last.replace(".seq", ".idx")));
        prepare(1);
        assertEquals(undisturbed, DatasetFiles.content(output));
    }

    @Test
    void anotherSeedOrAChangedSourceStartsOver() throws IOException {
        killAfterResults(4);
        prepare(2);
        assertNotEquals(undisturbed, DatasetFiles.content(output));

        delete(output);
        killAfterResults(4);
        Files.setLastModifiedTime(source.resolve("train/cat/7.png"), FileTime.fromMillis(4_000_000_000_000L));
        String name = keptShards().first();
        Files.setLastModifiedTime(output.resolve(name), EARLY);
        prepare(1);
        assertNotEquals(EARLY, Files.getLastModifiedTime(output.resolve(name)));
        assertEquals(undisturbed, DatasetFiles.content(output));
    }

    @Test
    void aFinishedDataSetIsLeftAlone() {
        assertEquals("Cannot prepare into file:" + output + ": it holds a data set (expected none, or leave to overwrite it)",
                assertThrows(PrepareException.class, () -> prepare(1)).getMessage());
        assertFalse(Files.exists(output.resolve("_plan.json")));
        assertFalse(Files.exists(output.resolve("_results")));
    }

    /** Ends a run when it wants to name its result after so many: what was named before stays, as after a kill. */
    private void killAfterResults(int results) throws IOException {
        if (Files.exists(output.resolve(DatasetManifest.FILE_NAME))) {
            delete(output);
        }
        spark.hadoopConfiguration().setClass("fs.file.impl", DyingFileSystem.class, FileSystem.class);
        DyingFileSystem.left.set(results);
        assertTrue(assertThrows(PrepareException.class, () -> prepare(1)).getMessage().endsWith("the power is off"));
        mend();
        assertFalse(Files.exists(output.resolve(DatasetManifest.FILE_NAME)));
    }

    /** A local file system that stops answering when results have been written. */
    public static final class DyingFileSystem extends RawLocalFileSystem {
        private static final AtomicInteger left = new AtomicInteger();

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            if (to.getParent().getName().equals("_results") && left.getAndDecrement() <= 0) {
                throw new IOException("the power is off");
            }
            return super.rename(from, to);
        }
    }

    private DatasetManifest prepare(long seed) {
        return new Preparation().run(spark, new PrepareOptions(new FolderSource(source.toString()), output.toString(),
                Encoding.ORIGINAL, SHARD_BYTES, seed, PrepareOptions.Overwrite.REFUSE, 1, "sknet test"));
    }

    /** The shards that have a result. */
    private TreeSet<String> keptShards() throws IOException {
        TreeSet<String> shards = new TreeSet<>();
        try (Stream<Path> results = Files.list(output.resolve("_results"))) {
            results.map(file -> file.getFileName().toString()).filter(name -> name.matches("(train|val)-[0-9]+\\.json")).forEach(name -> {
                String[] parts = name.replace(".json", "").split("-");
                shards.add(String.format("%s/shard-%05d.seq", parts[0], Integer.parseInt(parts[1])));
            });
        }
        return shards;
    }

    private void write(String file, byte[] content) throws IOException {
        Files.createDirectories(source.resolve(file).getParent());
        Files.write(source.resolve(file), content);
    }

    private static void delete(Path tree) throws IOException {
        Map<String, Path> paths = new TreeMap<>(Comparator.reverseOrder());
        try (Stream<Path> files = Files.walk(tree)) {
            files.forEach(file -> paths.put(file.toString(), file));
        }
        for (Path path : paths.values()) {
            Files.delete(path);
        }
    }
}
