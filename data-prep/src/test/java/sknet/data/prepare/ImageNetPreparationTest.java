package sknet.data.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;

class ImageNetPreparationTest {
    private static final int SHARD_BYTES = 200_000;
    private static final String TRAIN = "ILSVRC2012_img_train.tar";
    private static final String VAL = "ILSVRC2012_img_val.tar";
    private static JavaSparkContext spark;
    private static MiniatureImageNet imageNet;

    @TempDir
    private Path folder;
    private Path source;

    @BeforeAll
    static void start() throws IOException {
        spark = DatasetFiles.spark();
        imageNet = new MiniatureImageNet();
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
    void archives() throws IOException {
        source = folder.resolve("imagenet");
        imageNet.writeArchives(source);
    }

    @Test
    void everyImageOfTheArchivesIsThereWithTheLabelOfItsWordNetId() throws IOException {
        DatasetManifest manifest = prepare("data");
        assertEquals(new TreeSet<>(imageNet.wnids).stream().toList(), manifest.classes());
        assertTrue(manifest.split("train").shards().size() > 3, manifest::toString);
        assertEquals(MiniatureImageNet.VAL, manifest.split("val").records());
        assertEquals("12", manifest.imageSizes().width().max() + "");
        assertEquals("8", manifest.imageSizes().height().toString());
        for (int label = 0; label < MiniatureImageNet.CLASSES; label++) {
            assertEquals(imageNet.trainImages(manifest.classes().get(label)), manifest.split("train").classCounts().get(label));
        }
        Map<String, ShardedSplit.Sample> samples = DatasetFiles.samples(spark, folder.resolve("data"));
        assertEquals(imageNet.images.keySet(), samples.keySet());
        samples.forEach((id, sample) -> {
            assertArrayEquals(imageNet.images.get(id), sample.bytes(), id);
            assertEquals(id.split("/")[1], manifest.classes().get(sample.label()), id);
        });
    }

    @Test
    void extractedFoldersGiveTheSameShards() throws IOException {
        DatasetManifest fromArchives = prepare("data");
        Files.delete(source.resolve(TRAIN));
        Files.delete(source.resolve(VAL));
        imageNet.writeFolders(source);
        DatasetManifest fromFolders = prepare("from-folders");
        assertEquals(fromArchives.fingerprint(), fromFolders.fingerprint());
        assertEquals(fromArchives.sourceFingerprint(), fromFolders.sourceFingerprint());
    }

    @Test
    void aSortedValidationFolderAndPlainFolderGiveTheSameShards() throws IOException {
        DatasetManifest fromArchives = prepare("data");
        Files.delete(source.resolve(TRAIN));
        Files.delete(source.resolve(VAL));
        imageNet.writeImageFolder(source);
        assertEquals(fromArchives.fingerprint(), prepare("sorted").fingerprint());
        // An ImageFolder knows only the classes that it has directories of: here all of them.
        DatasetManifest plain = DatasetFiles.prepare(spark, new FolderSource(source.toString()), folder.resolve("plain"), SHARD_BYTES);
        assertEquals(fromArchives.split("train"), plain.split("train"));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Files.move(source.resolve(VAL), source.resolve("x"));
        assertEquals("Cannot prepare file:" + source + ": neither " + VAL + " nor val/ is there (expected one of them)", message());
        Files.delete(source.resolve("ILSVRC2012_devkit_t12.tar.gz"));
        assertEquals("Cannot prepare file:" + source + ": no ILSVRC2012_devkit_t12.tar.gz (expected it beside " + TRAIN + " and " + VAL
                + ")", message());
    }

    @Test
    void archivesThatAreCutShortAreNamed() throws IOException {
        byte[] train = Files.readAllBytes(source.resolve(TRAIN));
        Files.write(source.resolve(TRAIN), Arrays.copyOf(train, train.length / 2 + 100));
        assertTrue(message().matches("Cannot prepare " + source + ": Cannot read file:" + source + "/" + TRAIN
                + ": it ends within n[0-9]{8}\\.tar, which has .*"), message());
        Files.write(source.resolve(TRAIN), Arrays.copyOf(train, train.length - 1024));
        assertTrue(message().endsWith(" without the mark of its end (expected a whole archive)"), message());
        Files.writeString(source.resolve(TRAIN), "x".repeat(2000));
        assertEquals("Cannot prepare " + source + ": Cannot read file:" + source + "/" + TRAIN
                + ": there is no header at byte 0 (expected a tar archive)", message());
    }

    @Test
    void aDamagedInnerArchiveIsNamedWithTheOuter() throws IOException {
        byte[] train = Files.readAllBytes(source.resolve(TRAIN));
        train[512] ^= 1;
        Files.write(source.resolve(TRAIN), train);
        assertTrue(message().startsWith("Cannot prepare " + source + ": Cannot read file:" + source + "/" + TRAIN + ":"
                + imageNet.wnids.get(0) + ".tar: there is no header at byte 512"), message());
    }

    @Test
    void countsThatDisagreeAreNamed() throws IOException {
        imageNet.groundTruth.add(7);
        imageNet.writeDevkit(source);
        imageNet.groundTruth.remove(MiniatureImageNet.VAL);
        assertEquals("Cannot prepare file:" + source + ": " + VAL + " has 50 images, the first missing is 51 (expected 51, each once, as"
                + " ILSVRC2012_devkit_t12.tar.gz has lines of ground truth)", message());
        int last = imageNet.groundTruth.remove(MiniatureImageNet.VAL - 1);
        imageNet.writeDevkit(source);
        imageNet.groundTruth.add(last);
        assertEquals("Cannot prepare file:" + source + ": ILSVRC2012_val_00000050.JPEG has no ground truth (expected 1 to 49, the lines of"
                + " ILSVRC2012_devkit_t12.tar.gz)", message());
    }

    @Test
    void aMissingTrainingImageIsNoticed() throws IOException {
        Files.delete(source.resolve(TRAIN));
        imageNet.writeFolders(source);
        String wnid = imageNet.wnids.get(0);
        Files.delete(source.resolve("train/" + wnid + "/" + wnid + "_100.JPEG"));
        assertEquals("Cannot prepare file:" + source + ": " + wnid + " has " + (imageNet.trainImages(wnid) - 1)
                + " training images (expected " + imageNet.trainImages(wnid) + ", as ILSVRC2012_devkit_t12.tar.gz says)", message());
    }

    private DatasetManifest prepare(String output) {
        return DatasetFiles.prepare(spark, new ImageNetSource(source.toString()), folder.resolve(output), SHARD_BYTES);
    }

    private String message() {
        return assertThrows(PrepareException.class, () -> prepare("failed")).getMessage();
    }
}
