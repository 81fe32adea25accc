package sknet.data.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.archive.TarWriter;
import sknet.data.image.ImageDecoder;
import sknet.data.image.RgbImage;
import sknet.data.image.UnreadableImageException;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;

/** CIFAR and IDX: records of pixels. */
class PixelPreparationTest {
    private static final int PLANE = 32 * 32;
    private static JavaSparkContext spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = DatasetFiles.spark();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @AfterEach
    void awaitTasks() {
        RunningTasks.awaitEnd(spark);
    }

    @Test
    void cifar10KeepsEveryPixelAndLabel() throws IOException, UnreadableImageException {
        TarWriter tar = new TarWriter().directory("cifar-10-batches-bin/");
        byte[][] batches = new byte[6][];
        for (int i = 0; i < 5; i++) {
            batches[i] = records(i, 4, 1);
            tar.file("cifar-10-batches-bin/data_batch_" + (i + 1) + ".bin", batches[i]);
        }
        batches[5] = records(5, 3, 1);
        tar.file("cifar-10-batches-bin/batches.meta.txt", "ant\nbee\ncat\n\n\n".getBytes(StandardCharsets.US_ASCII))
                .file("cifar-10-batches-bin/readme.html", new byte[10]).file("cifar-10-batches-bin/test_batch.bin", batches[5]);
        Path archive = gzip("cifar-10-binary.tar.gz", tar.bytes());
        DatasetManifest manifest = prepare(new CifarSource(archive.toString(), CifarSource.Kind.CIFAR10), 20_000);
        assertEquals(List.of("ant", "bee", "cat"), manifest.classes());
        assertEquals(20, manifest.split("train").records());
        assertTrue(manifest.split("train").shards().size() > 1);
        Map<String, ShardedSplit.Sample> samples = DatasetFiles.samples(spark, folder.resolve("data"));
        assertEquals(23, samples.size());
        for (int batch = 0; batch < 5; batch++) {
            for (int i = 0; i < 4; i++) {
                String id = "train/" + manifest.classes().get(i % 3) + "/data_batch_" + (batch + 1) + "-0000" + i + ".png";
                checkPlanes(batches[batch], i * (1 + 3 * PLANE) + 1, samples.get(id), i % 3);
            }
        }
        checkPlanes(batches[5], 1, samples.get("val/ant/test_batch-00000.png"), 0);
    }

    /** Names of an archive are texts, and no places to write to. */
    @Test
    void anArchiveWritesNothingOutsideTheDataSet() throws IOException {
        byte[] link = "/etc/passwd".getBytes(StandardCharsets.US_ASCII);
        Path archive = gzip("hostile.tar.gz", new TarWriter().file("../../outside/data_batch_1.bin", records(1, 3, 1))
                .file("/outside/test_batch.bin", records(2, 2, 1)).entry("data_batch_2.bin", '2', link, "ustar  \0")
                .entry("data_batch_3.bin", '1', new byte[0], "ustar  \0").entry("../../outside/device", '3', new byte[0], "ustar  \0")
                .directory("../../outside/").file("batches.meta.txt", "../../outside/ant\n/outside/bee\n<script>\n".getBytes(StandardCharsets.US_ASCII)).bytes());
        DatasetManifest manifest = prepare(new CifarSource(archive.toString(), CifarSource.Kind.CIFAR10), 1 << 20);
        assertEquals(List.of("../../outside/ant", "/outside/bee", "<script>"), manifest.classes());
        assertEquals(3, manifest.split("train").records());
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> outside = files.filter(file -> Files.isRegularFile(file) && !file.startsWith(folder.resolve("data"))).toList();
            assertEquals(List.of(archive), outside);
        }
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            String known = "|train|val|classes.txt|manifest.json|rejected.jsonl|(train|val)/shard-\\d+\\.(seq|idx)";
            assertEquals(List.of(), files.map(file -> folder.resolve("data").relativize(file).toString()).filter(name -> !name.matches(known)).toList());
        }
        assertTrue(Files.notExists(folder.resolve("../../outside")) && Files.notExists(Path.of("/outside")));
    }

    @Test
    void cifar100TakesTheFineLabel() throws IOException, UnreadableImageException {
        byte[] train = records(1, 5, 2);
        byte[] test = records(2, 3, 2);
        Path archive = gzip("cifar-100-binary.tar.gz", new TarWriter().file("cifar-100-binary/train.bin", train)
                .file("cifar-100-binary/test.bin", test).file("cifar-100-binary/coarse_label_names.txt", "x\n".getBytes(StandardCharsets.UTF_8))
                .file("cifar-100-binary/fine_label_names.txt", "ant\nbee\ncat\n".getBytes(StandardCharsets.US_ASCII)).bytes());
        CifarSource source = new CifarSource(archive.toString(), CifarSource.Kind.CIFAR100);
        DatasetManifest manifest = prepare(source, 1 << 20);
        assertEquals(List.of(2, 2, 1), manifest.split("train").classCounts());
        checkPlanes(train, 2 + 3 * PLANE + 2, DatasetFiles.samples(spark, folder.resolve("data")).get("train/bee/train-00001.png"), 1);
    }

    @Test
    void damagedCifarArchivesAreNamed() throws IOException {
        byte[] odd = Arrays.copyOf(records(1, 3, 1), 5000);
        Path archive = gzip("odd.tar.gz", new TarWriter().file("a/data_batch_1.bin", odd).bytes());
        CifarSource source = new CifarSource(archive.toString(), CifarSource.Kind.CIFAR10);
        assertEquals("Cannot prepare file:" + archive + ": data_batch_1.bin has 5000 bytes (expected records of 3073)", message(source));
        gzip("odd.tar.gz", new TarWriter().file("a/data_batch_1.bin", records(1, 3, 1)).file("a/batches.meta.txt", "ant\nbee".getBytes(StandardCharsets.UTF_8))
                .bytes());
        assertEquals("Cannot prepare file:" + archive + ": record 2 of data_batch_1.bin has label 2 (expected 0 to 1, the lines of"
                + " batches.meta.txt)", message(source));
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
        assertTrue(message(source).startsWith("Cannot prepare " + archive + ": Cannot read file:" + archive + ": it is cut short"),
                message(source));
    }

    @Test
    void idxFilesKeepEveryPixelWithTheirLabelsInOrder() throws IOException, UnreadableImageException {
        Path source = idx(4, 1, 0, 2, 1);
        DatasetManifest manifest = prepare(new IdxSource(source.toString(), List.of(), IdxSource.Limit.NONE), 300);
        assertEquals(List.of("0", "1", "2"), manifest.classes());
        assertEquals(4, manifest.split("train").records());
        assertEquals("5", manifest.imageSizes().width().toString());
        assertEquals("3", manifest.imageSizes().height().toString());
        RgbImage image = ImageDecoder.decode(DatasetFiles.samples(spark, folder.resolve("data")).get("train/2/00002.png").bytes());
        for (int i = 0; i < 15; i++) {
            assertEquals((byte) (2 * 15 + i), image.pixels()[3 * i]);
        }
    }

    @Test
    void aLimitTakesTheFirstOfEachSplitAndNamesCanBeGiven() throws IOException {
        Path source = idx(4, 1, 0, 1, 0);
        DatasetManifest manifest = prepare(new IdxSource(source.toString(), List.of("bag", "shoe"), new IdxSource.Limit(3, 1)), 1000);
        assertEquals(List.of(1, 2), manifest.split("train").classCounts());
        assertEquals(1, manifest.split("val").records());
        assertEquals("Cannot take 0 and 5 images (expected at least 1 of each)",
                assertThrows(IllegalArgumentException.class, () -> new IdxSource.Limit(0, 5)).getMessage());
    }

    @Test
    void damagedIdxFilesAreNamed() throws IOException {
        Path source = idx(4, 1, 0, 1, 0);
        IdxSource idx = new IdxSource(source.toString(), List.of("bag", "shoe"), IdxSource.Limit.NONE);
        Path images = source.resolve("train-images-idx3-ubyte.gz");
        String start = "Cannot prepare " + source + ": Cannot read file:" + images + ": ";
        writeIdx(images, new byte[60], 0x0801, 4, 3, 5);
        assertEquals(start + "magic is 0x00000801 (expected 0x00000803)", message(idx));
        writeIdx(images, new byte[60], 0x0803, -4, 3, 5);
        assertEquals(start + "it announces -4 items (expected 1 to 10000000)", message(idx));
        writeIdx(images, new byte[60], 0x0803, 4, 3, 5000);
        assertEquals(start + "its images are 3 x 5000 (expected sides of 1 to 4096)", message(idx));
        writeIdx(images, new byte[61], 0x0803, 4, 3, 5);
        assertEquals(start + "it goes on after its content of 76 bytes (expected its end)", message(idx));
        writeIdx(images, new byte[59], 0x0803, 4, 3, 5);
        assertEquals(start + "it is cut short (expected at least 76 bytes of content)", message(idx));
        writeIdx(images, new byte[45], 0x0803, 3, 3, 5);
        assertEquals("Cannot read file:" + images + ": it has 3 images (expected 4, one for each label)", message(idx));
        Files.delete(images);
        assertEquals("Cannot prepare file:" + source + ": no train-images-idx3-ubyte (expected it, or train-images-idx3-ubyte.gz, beside"
                + " the other three IDX files)", message(idx));
    }

    private static byte[] records(int seed, int count, int labelBytes) {
        byte[] bytes = new byte[count * (labelBytes + 3 * PLANE)];
        new Random(seed).nextBytes(bytes);
        for (int i = 0; i < count; i++) {
            bytes[i * (labelBytes + 3 * PLANE) + labelBytes - 1] = (byte) (i % 3);
        }
        return bytes;
    }

    private static void checkPlanes(byte[] batch, int start, ShardedSplit.Sample sample, int label) throws UnreadableImageException {
        assertEquals(label, sample.label());
        RgbImage image = ImageDecoder.decode(sample.bytes());
        assertEquals(32, image.width());
        for (int i = 0; i < 3 * PLANE; i++) {
            assertEquals(batch[start + i], image.pixels()[3 * (i % PLANE) + i / PLANE]);
        }
    }

    /** Images of 5 x 3; the validation set, not compressed, has the first two labels. */
    private Path idx(int count, int... labels) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("idx"));
        byte[] pixels = new byte[count * 15];
        byte[] labelBytes = new byte[count];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
            labelBytes[i / 15] = (byte) labels[i / 15];
        }
        writeIdx(directory.resolve("train-images-idx3-ubyte.gz"), pixels, 0x0803, count, 3, 5);
        writeIdx(directory.resolve("train-labels-idx1-ubyte.gz"), labelBytes, 0x0801, count);
        writeIdx(directory.resolve("t10k-images-idx3-ubyte"), Arrays.copyOf(pixels, 30), 0x0803, 2, 3, 5);
        writeIdx(directory.resolve("t10k-labels-idx1-ubyte"), Arrays.copyOf(labelBytes, 2), 0x0801, 2);
        return directory;
    }

    private void writeIdx(Path file, byte[] content, int... header) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * header.length + content.length);
        for (int number : header) {
            bytes.putInt(number);
        }
        bytes.put(content);
        if (file.toString().endsWith(".gz")) {
            gzip(folder.relativize(file).toString(), bytes.array());
        } else {
            Files.write(file, bytes.array());
        }
    }

    private Path gzip(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(content);
        }
        return file;
    }

    private DatasetManifest prepare(Source source, long shardBytes) {
        return DatasetFiles.prepare(spark, source, folder.resolve("data"), shardBytes);
    }

    private String message(Source source) {
        return assertThrows(PrepareException.class, () -> prepare(source, 1000)).getMessage();
    }
}
