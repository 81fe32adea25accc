package sknet.data.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DatasetManifestTest {
    private static final String SHA = "0".repeat(64);

    @TempDir
    private java.nio.file.Path folder;
    private Path dataset;
    private FileSystem fs;

    @BeforeEach
    void open() throws IOException {
        dataset = new Path(folder.toUri().toString());
        fs = dataset.getFileSystem(SmallDataset.rawLocal());
    }

    @Test
    void everyFieldComesBack() throws IOException {
        DatasetManifest manifest = manifest(3);
        manifest.write(fs, dataset);
        assertEquals(manifest, DatasetManifest.read(fs, dataset));
        assertEquals(3, manifest.split("train").records());
        assertEquals(99, manifest.split("train").bytes());
    }

    @Test
    void aMissingManifestIsNamed() {
        assertEquals("Cannot open data set " + dataset + ": no manifest.json (expected a directory written by 'sknet prepare')",
                message());
    }

    @Test
    void aTruncatedManifestIsDamaged() throws IOException {
        manifest(3).write(fs, dataset);
        String text = Files.readString(folder.resolve("manifest.json"));
        Files.writeString(folder.resolve("manifest.json"), text.substring(0, text.length() / 2));
        assertTrue(message().startsWith("Cannot open data set " + dataset + ": manifest.json is damaged: "), message());
    }

    @Test
    void aMissingKeyIsDamaged() throws IOException {
        edit("\"seed\" : 1,", "");
        assertTrue(message().startsWith("Cannot open data set " + dataset
                + ": manifest.json is damaged: Missing creator property 'seed'"),
                message());
    }

    @Test
    void aChangedCountDoesNotMatchTheFingerprint() throws IOException {
        edit("\"bytes\" : 99", "\"bytes\" : 98");
        assertTrue(message().startsWith("Cannot open data set " + dataset + ": manifest.json is damaged: its fingerprint is "),
                message());
    }

    @Test
    void anotherFormatVersionIsNamed() throws IOException {
        edit("\"formatVersion\" : 2", "\"formatVersion\" : 1");
        assertEquals("Cannot open data set " + dataset
                + ": manifest.json has format version 1 (expected 2: prepare it again with this version)", message());
    }

    @Test
    void aShardNameThatLeavesTheDirectoryIsRefused() throws IOException {
        edit("shard-00000.seq", "../shard-00000.seq");
        assertTrue(message().contains("shard '../shard-00000.seq' has 3 records and 99 bytes (expected a name like "
                + "shard-00000.seq"), message());
    }

    @Test
    void theFingerprintDependsOnClassesSplitsAndRecords() {
        DatasetManifest manifest = manifest(3);
        assertNotEquals(manifest.fingerprint(), manifest(4).fingerprint());
        assertNotEquals(manifest.fingerprint(), DatasetManifest.fingerprintOf(List.of("dog", "cat"), manifest.splits()));
        assertNotEquals(manifest.fingerprint(), DatasetManifest.fingerprintOf(manifest.classes(),
                Map.of("train", manifest.split("val"), "val", manifest.split("train"))));
    }

    @Test
    void aRefusedRenameLeavesNoManifest() throws IOException {
        FileSystem refusing = new FilterFileSystem(fs) {
            @Override
            public boolean rename(Path from, Path to) {
                return false;
            }
        };
        String message = assertThrows(IOException.class, () -> manifest(3).write(refusing, dataset)).getMessage();
        assertTrue(message.startsWith("Cannot write " + dataset + "/manifest.json: rename of "), message);
        assertEquals(0, fs.listStatus(dataset).length);
    }

    @Test
    @Timeout(20)
    void storageThatDoesNotAnswerIsNamedSoon() {
        Configuration hadoop = new Configuration();
        String message = assertThrows(IOException.class, () -> Storage.connect(hadoop, new Path("hdfs://localhost:1/set")))
                .getMessage();
        assertEquals("Cannot reach hdfs://localhost:1: Connection refused (expected a file system that answers)", message);
    }

    @Test
    void unknownStorageIsNamed() {
        assertEquals("Cannot reach unknown://host: No FileSystem for scheme \"unknown\" (expected a file system that answers)",
                assertThrows(IOException.class, () -> Storage.connect(new Configuration(), new Path("unknown://host/set")))
                .getMessage());
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        assertEquals("Cannot reach hdfs://no-such-host.invalid: no-such-host.invalid (expected a file system that answers)",
                assertThrows(IOException.class,
                () -> Storage.connect(new Configuration(), new Path("hdfs://no-such-host.invalid/set")))
                        .getMessage());
    }

    private void edit(String from, String to) throws IOException {
        manifest(3).write(fs, dataset);
        String text = Files.readString(folder.resolve("manifest.json"));
        assertTrue(text.contains(from), text);
        Files.writeString(folder.resolve("manifest.json"), text.replace(from, to));
    }

    private String message() {
        return assertThrows(IOException.class, () -> DatasetManifest.read(fs, dataset)).getMessage();
    }

    private static DatasetManifest manifest(int records) {
        List<String> classes = List.of("cat", "dog");
        Map<String, DatasetManifest.Split> splits = Map.of(
                "train", new DatasetManifest.Split(List.of(new DatasetManifest.Shard("shard-00000.seq", records, 99, SHA)), List.of(records, 0)),
                "val", new DatasetManifest.Split(List.of(), List.of(0, 0)));
        return new DatasetManifest(DatasetManifest.FORMAT_VERSION, "sknet test", "file:/source", "0", "original", 1,
                DatasetManifest.fingerprintOf(classes, splits), classes, List.of(1.5, 0.1, 255.0),
                new ImageSizes(new ImageSizes.Range(1, 2, 3), new ImageSizes.Range(4, 5, 6)), 0, splits);
    }
}
