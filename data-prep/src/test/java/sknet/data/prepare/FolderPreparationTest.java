package sknet.data.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.image.ImageDecoder;
import sknet.data.image.RgbImage;
import sknet.data.image.TestImages;
import sknet.data.image.UnreadableImageException;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ImageSizes;
import sknet.data.shard.ShardedSplit;

class FolderPreparationTest {
    private static final int SHARD_BYTES = 3000;
    private static JavaSparkContext spark;

    @TempDir
    private Path folder;
    private Path source;
    private Path output;

    @BeforeAll
    static void startSpark() {
        spark = new JavaSparkContext(conf("local[2,3]"));
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @AfterEach
    void awaitTasks() {
        RunningTasks.awaitEnd(spark);
    }

    @BeforeEach
    void writeSource() throws IOException {
        source = folder.resolve("source");
        output = folder.resolve("output");
        for (int i = 0; i < 12; i++) {
            image("train/cat/" + i + ".png", i);
            image("train/dog/deep/er " + i + "%20.JPEG", 100 + i);
        }
        image("val/dog/0.jpg", 7);
        image("val/cat/0.PNG", 8);
    }

    @Test
    void everyImageIsInTheDatasetOnceWithItsBytesAndLabel() throws IOException {
        DatasetManifest manifest = run(1);
        assertEquals(List.of("cat", "dog"), manifest.classes());
        assertEquals(24, manifest.split("train").records());
        assertEquals(2, manifest.split("val").records());
        assertTrue(manifest.split("train").shards().size() > 3, manifest::toString);
        assertEquals(0, manifest.rejected());
        assertEquals("file:" + source, manifest.source());
        assertEquals("cat\ndog\n", Files.readString(output.resolve("classes.txt")));
        assertEquals("", Files.readString(output.resolve("rejected.jsonl")));
        assertEquals(manifest, DatasetManifest.read(hadoopPath(output).getFileSystem(spark.hadoopConfiguration()),
                hadoopPath(output)));
        for (String split : List.of("train", "val")) {
            assertEquals(sourceFiles(split), new TreeSet<>(ids(output, split)));
            try (ShardedSplit shards = ShardedSplit.open(spark.hadoopConfiguration(), hadoopPath(output), split, 1 << 20)) {
                for (int i = 0; i < shards.size(); i++) {
                    ShardedSplit.Sample sample = shards.read(i);
                    assertArrayEquals(Files.readAllBytes(source.resolve(sample.id())), sample.bytes());
                    assertEquals(sample.id().startsWith(split + "/cat/") ? 0 : 1, sample.label());
                }
            }
        }
    }

    @Test
    void onlyFinalFilesAreLeft() throws IOException {
        DatasetManifest manifest = run(1);
        TreeSet<String> expected = new TreeSet<>(List.of("classes.txt", "manifest.json", "rejected.jsonl"));
        manifest.splits().forEach((name, split) -> split.shards().forEach(shard -> {
            expected.add(name + "/" + shard.file());
            expected.add(name + "/" + shard.indexFile());
        }));
        assertEquals(expected, bytesByName(output).keySet());
    }

    @Test
    void theMeanIsThatOfAllTrainingPixels() throws IOException {
        for (Path file : files(source.resolve("train"))) {
            Files.delete(file);
        }
        Files.write(source.resolve("train/cat/a.png"), TestImages.encode(TestImages.plain(10, 10, 0x0A1400), "png"));
        Files.write(source.resolve("train/dog/b.png"), TestImages.encode(TestImages.plain(30, 10, 0x32FF00), "png"));
        assertEquals(List.of(40.0, (20 + 3 * 255) / 4.0, 0.0), run(1).channelMean());
    }

    @Test
    void theSameSourceAndSeedGiveTheSameBytesWhateverTheParallelism() throws IOException {
        DatasetManifest first = run(1);
        Map<String, List<Byte>> bytes = bytesByName(output);
        spark.stop();
        spark = new JavaSparkContext(conf("local[1]"));
        output = folder.resolve("again");
        assertEquals(first, run(1));
        assertEquals(bytes, bytesByName(output));
        spark.stop();
        startSpark();
    }

    @Test
    void anotherSeedGivesAnotherOrderOfTheSameImages() throws IOException {
        DatasetManifest first = run(1);
        List<String> order = ids(output, "train");
        output = folder.resolve("other");
        assertNotEquals(first.fingerprint(), run(2).fingerprint());
        assertNotEquals(order, ids(output, "train"));
        assertEquals(new TreeSet<>(order), new TreeSet<>(ids(output, "train")));
        assertNotEquals(new ArrayList<>(new TreeSet<>(order)), order, "the images must be shuffled");
    }

    @Test
    void filesThatAreNoImagesAreCountedNamedAndSkipped() throws IOException {
        write("train/cat/text.jpg", "hello");
        write("train/cat/notes.txt", "notes");
        write("train/stray.png", "stray");
        write("train/cat/.hidden.png", "hidden");
        write("train/cat/.DS_Store", "passed over");
        write("train/_tmp/left.jpg", "hidden");
        Files.write(source.resolve("val/cat/cut.png"), Arrays.copyOf(Files.readAllBytes(source.resolve("train/cat/1.png")), 60));
        DatasetManifest manifest = run(1);
        assertEquals(6, manifest.rejected());
        assertEquals(24, manifest.split("train").records());
        List<String> lines = Files.readAllLines(output.resolve("rejected.jsonl"));
        assertEquals(List.of(
                "{\"path\":\"train/_tmp/left.jpg\",\"reason\":\"is hidden (a name in its path starts with '.' or '_')\"}",
                "{\"path\":\"train/cat/.hidden.png\",\"reason\":\"is hidden (a name in its path starts with '.' or '_')\"}",
                "{\"path\":\"train/cat/notes.txt\",\"reason\":\"has another extension (expected .jpg, .jpeg or .png)\"}",
                "{\"path\":\"train/cat/text.jpg\",\"reason\":\"is no JPEG or PNG image (starts with 0x68656c6c6f)\"}",
                "{\"path\":\"train/stray.png\",\"reason\":\"is outside a class directory\"}"), lines.subList(0, 5));
        assertTrue(lines.get(5).startsWith("{\"path\":\"val/cat/cut.png\",\"reason\":\"cannot be decoded: "), lines.get(5));
        assertEquals(6, lines.size());
    }

    @Test
    void moreRejectedFilesThanAllowedAreAnError() throws IOException {
        write("train/cat/a.jpg", "a");
        write("train/cat/b.jpg", "b");
        assertEquals("Cannot prepare file:" + source
                + ": 2 files were rejected, the first is train/cat/a.jpg (expected at most 1; all are in file:"
                + output + "/rejected.jsonl)", message(options(1, PrepareOptions.Overwrite.REFUSE, 1)));
        assertEquals(2, Files.readAllLines(output.resolve("rejected.jsonl")).size());
        assertFalse(Files.exists(output.resolve("manifest.json")));
    }

    @Test
    void aMissingSourceOrSplitIsNamed() throws IOException {
        Path missing = folder.resolve("missing");
        assertEquals("Cannot prepare file:" + missing + ": no such directory (expected a folder with train/ and val/)",
                message(new PrepareOptions(new FolderSource(missing.toUri().toString()), output.toString(), Encoding.ORIGINAL, 1000, 1,
                PrepareOptions.Overwrite.REFUSE, 0, "test")));
        Files.move(source.resolve("val"), source.resolve("validation"));
        assertEquals("Cannot prepare file:" + source
                + ": no directory val/ (expected train/<class>/ and val/<class>/ with images)", message());
        assertFalse(Files.exists(output));
    }

    @Test
    void anEmptyClassIsNamed() throws IOException {
        Files.createDirectories(source.resolve("train/bird"));
        assertEquals("Cannot prepare file:" + source + ": class 'bird' in train/ is empty (expected at least one image)",
                message());
        write("train/bird/a.jpg", "no image");
        assertEquals("Cannot prepare file:" + source + ": class 'bird' in train/ is empty: none of its 1 image files is readable"
                + " (expected at least one image)", message());
        assertFalse(Files.exists(output.resolve("manifest.json")));
    }

    @Test
    void anEmptyValidationSetIsNamed() throws IOException {
        Files.delete(source.resolve("val/dog/0.jpg"));
        Files.delete(source.resolve("val/cat/0.PNG"));
        assertEquals("Cannot prepare file:" + source + ": val/ is empty (expected at least one image)", message());
    }

    @Test
    void aClassThatOnlyValidationHasIsNamed() throws IOException {
        image("val/bird/0.png", 1);
        assertEquals("Cannot prepare file:" + source + ": class 'bird' in val/ is not in train/ (expected one of its 2 classes)",
                message());
    }

    @Test
    void aWholeDatasetIsOverwrittenOnlyOnDemand() throws IOException {
        DatasetManifest first = run(1);
        assertEquals("Cannot prepare into file:" + output + ": it holds a data set (expected none, or leave to overwrite it)",
                message());
        assertEquals(first, DatasetManifest.read(hadoopPath(output).getFileSystem(spark.hadoopConfiguration()),
                hadoopPath(output)));
        DatasetManifest second = new Preparation().run(spark, options(2, PrepareOptions.Overwrite.REPLACE, 0));
        assertEquals(second, DatasetManifest.read(hadoopPath(output).getFileSystem(spark.hadoopConfiguration()),
                hadoopPath(output)));
        assertNotEquals(first, second);
    }

    @Test
    void aBadSourceLeavesTheDatasetItShouldReplace() throws IOException {
        run(1);
        Files.createDirectories(source.resolve("train/bird"));
        message(options(1, PrepareOptions.Overwrite.REPLACE, 0));
        assertTrue(Files.exists(output.resolve("manifest.json")));
    }

    @Test
    void whatAnInterruptedRunLeftIsRemoved() throws IOException {
        DatasetManifest first = run(1);
        Map<String, List<Byte>> bytes = bytesByName(output);
        Files.delete(output.resolve("manifest.json"));
        Files.write(output.resolve("train/shard-00000.seq"), new byte[] {1});
        Files.write(output.resolve("train/shard-99999.seq"), new byte[] {1});
        Files.write(output.resolve("val/_shard-00000.seq.abc.tmp"), new byte[] {1});
        assertThrows(IOException.class, () -> ShardedSplit.open(spark.hadoopConfiguration(), hadoopPath(output), "train", 0));
        assertEquals(first, run(1));
        assertEquals(bytes, bytesByName(output));
    }

    @Test
    void filesThatAreNotItsOwnAreNeverRemoved() throws IOException {
        Path images = folder.resolve("images");
        Files.createDirectories(images.resolve("train/cat"));
        output = images;
        for (PrepareOptions.Overwrite overwrite : PrepareOptions.Overwrite.values()) {
            assertEquals("Cannot prepare into file:" + images
                    + ": train/cat is no part of a data set (expected an empty or absent directory)",
                    message(options(1, overwrite, 0)));
        }
        output = source;
        assertEquals("Cannot prepare file:" + source + " into file:" + source + ": they overlap (expected separate directories)",
                message(options(1, PrepareOptions.Overwrite.REPLACE, 0)));
        assertEquals(24, sourceFiles("train").size());
    }

    @Test
    @Timeout(20)
    void storageThatDoesNotAnswerIsNamedSoon() {
        PrepareOptions options = new PrepareOptions(new FolderSource(source.toString()), "hdfs://localhost:1/set",
                Encoding.ORIGINAL, 1000, 1, PrepareOptions.Overwrite.REFUSE, 0, "test");
        assertEquals("Cannot prepare " + source
                + ": Cannot reach hdfs://localhost:1: Connection refused (expected a file system that answers)",
                message(options));
    }

    @Test
    void aFileThatCannotBeReadFailsInOneLineThatNamesIt() {
        withFileSystem(FaultyFileSystem.class, () -> {
            FaultyFileSystem.unreadable = "7.png";
            assertEquals("Cannot prepare " + source + ": Cannot read file:" + source + "/train/cat/7.png: disk on fire",
                    message());
            assertFalse(Files.exists(output.resolve("manifest.json")));
        });
    }

    @Test
    void aTaskWhoseRenameWasRefusedIsTriedAgain() {
        withFileSystem(FaultyFileSystem.class, () -> {
            FaultyFileSystem.refusedOnce.addAll(List.of("train/shard-00000.seq", "train/shard-00001.idx"));
            DatasetManifest manifest = run(1);
            assertEquals(Set.of(), FaultyFileSystem.refusedOnce);
            assertEquals(24, manifest.split("train").records());
            assertEquals(sourceFiles("train"), new TreeSet<>(ids(output, "train")));
        });
    }

    @Test
    void largerImagesAreResizedOnDemand() throws IOException, UnreadableImageException {
        Files.write(source.resolve("val/dog/0.jpg"), TestImages.encode(TestImages.plain(40, 24, 0x336699), "png"));
        DatasetManifest manifest = new Preparation().run(spark, new PrepareOptions(new FolderSource(source.toString()), output.toString(),
                new Encoding.Resized(16, 0.9), SHARD_BYTES, 1, PrepareOptions.Overwrite.REFUSE, 0, "sknet test"));
        assertEquals("shorter side at most 16 pixels, JPEG quality 0.9", manifest.encoding());
        assertEquals(new ImageSizes(new ImageSizes.Range(20, 20, 27), new ImageSizes.Range(15, 15, 16)), manifest.imageSizes());
        try (ShardedSplit shards = ShardedSplit.open(spark.hadoopConfiguration(), hadoopPath(output), "val", 0)) {
            for (int i = 0; i < 2; i++) {
                ShardedSplit.Sample sample = shards.read(i);
                RgbImage image = ImageDecoder.decode(sample.bytes());
                if (sample.id().equals("val/dog/0.jpg")) {
                    assertEquals(27, image.width());
                    assertEquals(0x33, image.pixels()[0] & 0xFF, 3);
                    assertEquals(0x99, image.pixels()[2] & 0xFF, 3);
                } else {
                    assertArrayEquals(Files.readAllBytes(source.resolve(sample.id())), sample.bytes());
                }
            }
        }
        assertEquals("Cannot resize images: shorter side is 0 and quality 2.0 (expected at least 1, and above 0 to 1)",
                assertThrows(IllegalArgumentException.class, () -> new Encoding.Resized(0, 2)).getMessage());
    }

    @Test
    void progressEndsAtTheNumberOfFiles() {
        List<Long> seen = new ArrayList<>();
        new Preparation().run(spark, options(1, PrepareOptions.Overwrite.REFUSE, 0), (done, total) -> {
            assertEquals(26, total);
            seen.add(done);
        });
        assertEquals(26, seen.get(seen.size() - 1));
        assertEquals(seen.stream().sorted().toList(), seen);
    }

    @Test
    void impossibleOptionsAreNamed() {
        assertEquals("Cannot prepare a: shardBytes is 0 (expected 1 to 1073741824)", assertThrows(IllegalArgumentException.class,
                () -> new PrepareOptions(new FolderSource("a"), "b", Encoding.ORIGINAL, 0, 1, PrepareOptions.Overwrite.REFUSE, 0,
                "test")).getMessage());
        assertEquals("Cannot prepare a: maxRejected is -1 (expected 0 or more)", assertThrows(IllegalArgumentException.class,
                () -> new PrepareOptions(new FolderSource("a"), "b", Encoding.ORIGINAL, 1, 1, PrepareOptions.Overwrite.REFUSE, -1,
                "test")).getMessage());
    }

    /** A local file system in which one file cannot be read, or some renames are refused once. */
    public static final class FaultyFileSystem extends LocalFileSystem {
        private static volatile String unreadable = "";
        private static final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferSize) throws IOException {
            if (file.getName().equals(unreadable)) {
                throw new IOException("disk on fire");
            }
            return super.open(file, bufferSize);
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            return !refusedOnce.remove(to.getParent().getName() + "/" + to.getName()) && super.rename(from, to);
        }
    }

    private interface Body {
        void run() throws IOException;
    }

    private static void withFileSystem(Class<? extends FileSystem> type, Body body) {
        Configuration hadoop = spark.hadoopConfiguration();
        hadoop.setClass("fs.file.impl", type, FileSystem.class);
        hadoop.setBoolean("fs.file.impl.disable.cache", true);
        try {
            assertDoesNotThrow(body::run);
        } finally {
            FaultyFileSystem.unreadable = "";
            FaultyFileSystem.refusedOnce.clear();
            hadoop.unset("fs.file.impl");
            hadoop.unset("fs.file.impl.disable.cache");
        }
    }

    private static SparkConf conf(String master) {
        return new SparkConf().setMaster(master).setAppName("prepare").set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1");
    }

    private DatasetManifest run(long seed) {
        return new Preparation().run(spark, options(seed, PrepareOptions.Overwrite.REFUSE, 100));
    }

    private PrepareOptions options(long seed, PrepareOptions.Overwrite overwrite, int maxRejected) {
        return new PrepareOptions(new FolderSource(source.toString()), output.toString(), Encoding.ORIGINAL, SHARD_BYTES, seed,
                overwrite, maxRejected, "sknet test");
    }

    private String message() {
        return message(options(1, PrepareOptions.Overwrite.REFUSE, 100));
    }

    private static String message(PrepareOptions options) {
        return assertThrows(PrepareException.class, () -> new Preparation().run(spark, options)).getMessage();
    }

    private void image(String file, int seed) throws IOException {
        Files.createDirectories(source.resolve(file).getParent());
        String format = file.toLowerCase(Locale.ROOT).endsWith("png") ? "png" : "jpg";
        Files.write(source.resolve(file), TestImages.encode(TestImages.picture(20, 15, seed), format));
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(source.resolve(file).getParent());
        Files.writeString(source.resolve(file), text);
    }

    private static org.apache.hadoop.fs.Path hadoopPath(Path path) {
        return new org.apache.hadoop.fs.Path(path.toString());
    }

    private TreeSet<String> sourceFiles(String split) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        files(source.resolve(split)).forEach(file -> names.add(source.relativize(file).toString()));
        return names;
    }

    private static List<String> ids(Path dataset, String split) throws IOException {
        List<String> ids = new ArrayList<>();
        try (ShardedSplit shards = ShardedSplit.open(spark.hadoopConfiguration(), hadoopPath(dataset), split, 0)) {
            for (int i = 0; i < shards.size(); i++) {
                ids.add(shards.read(i).id());
            }
        }
        return ids;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Content of each file but Hadoop's checksum files, as lists so that maps compare. */
    private static Map<String, List<Byte>> bytesByName(Path directory) throws IOException {
        Map<String, List<Byte>> content = new TreeMap<>();
        for (Path file : files(directory)) {
            String name = directory.relativize(file).toString();
            if (!name.endsWith(".crc")) {
                List<Byte> bytes = new ArrayList<>();
                for (byte b : Files.readAllBytes(file)) {
                    bytes.add(b);
                }
                content.put(name, bytes);
            }
        }
        return content;
    }
}
