package sknet.data.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.shard.SmallDataset;

class DatasetVerificationTest {
    private static JavaSparkContext spark;

    @TempDir
    private Path dataset;

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

    @BeforeEach
    void write() throws IOException {
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            byte[] image = new byte[900];
            Arrays.fill(image, (byte) ('a' + i));
            images.add(image);
        }
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(dataset.toUri().toString());
        SmallDataset.write(path.getFileSystem(spark.hadoopConfiguration()), path, images, 4);
    }

    @Test
    void aWholeDataSetHasNoDamage() throws IOException {
        assertEquals(List.of(), damages());
    }

    @Test
    void aFlippedByteOfAnImageIsFoundWithItsRecord() throws IOException {
        flip("train/shard-00000.seq", "cccc");
        List<String> damages = damages();
        assertEquals(1, damages.size(), damages::toString);
        assertTrue(damages.get(0).startsWith("file:" + dataset + "/train/shard-00000.seq: record 2 (train/cat/2.png): CRC32C is 0x"),
                damages.get(0));
    }

    @Test
    void aFlippedByteBetweenImagesIsFound() throws IOException {
        flip("val/shard-00001.seq", "val/dog/5.png");
        assertEquals(List.of("file:" + dataset + "/val/shard-00001.seq: record 1 (val/dog/5.png): the bytes before its image are not those"
                + " that were written"), damages());
    }

    @Test
    void aTruncatedShardIsFoundWithTheRecordsThatAreLost() throws IOException {
        Path shard = dataset.resolve("train/shard-00000.seq");
        byte[] whole = Files.readAllBytes(shard);
        Files.write(shard, Arrays.copyOf(whole, whole.length - 1000));
        String name = "file:" + shard + ": ";
        assertEquals(List.of(name + "it is " + (whole.length - 1000) + " bytes long (expected " + whole.length + ")",
                name + "record 2 (train/cat/2.png): the file ends within it",
                name + "record 3 (train/dog/3.png): the file ends within it"), damages());
    }

    @Test
    void missingAndDamagedFilesAreAllReported() throws IOException {
        Files.delete(dataset.resolve("train/shard-00000.idx"));
        Files.delete(dataset.resolve("val/shard-00000.seq"));
        flip("val/shard-00001.idx", "val/cat/4.png");
        List<String> damages = damages();
        assertEquals(3, damages.size(), damages::toString);
        assertEquals("file:" + dataset + "/train/shard-00000.idx: it is missing", damages.get(0));
        assertEquals("file:" + dataset + "/val/shard-00000.seq: it is missing", damages.get(1));
        assertTrue(damages.get(2).startsWith("file:" + dataset + "/val/shard-00001.idx: CRC32C is 0x"), damages.get(2));
    }

    @Test
    void aDirectoryWithoutManifestIsNoDataSet() throws IOException {
        Files.delete(dataset.resolve("manifest.json"));
        assertTrue(assertThrows(IOException.class, this::damages).getMessage().contains("no manifest.json"));
    }

    private void flip(String file, String where) throws IOException {
        byte[] bytes = Files.readAllBytes(dataset.resolve(file));
        int position = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(where);
        bytes[position + 2] ^= 4;
        Files.write(dataset.resolve(file), bytes);
    }

    private List<String> damages() throws IOException {
        return DatasetVerification.run(spark, dataset.toUri().toString(), PrepareProgress.NONE);
    }
}
