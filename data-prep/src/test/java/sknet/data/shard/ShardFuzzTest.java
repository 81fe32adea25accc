package sknet.data.shard;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.fuzz.Fuzzing;
import sknet.fuzz.Fuzzing.Finding;
import sknet.fuzz.Mutations;

/** Whatever becomes of a data set's files, a record is what was written, or is refused with a reason. */
class ShardFuzzTest {
    private static final long MOST_BYTES = 4 << 20;
    private static final int RECORDS = 9;

    @TempDir
    private java.nio.file.Path folder;
    private Configuration hadoop;
    private FileSystem local;
    private Path dataset;
    private final List<byte[]> images = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        hadoop = SmallDataset.rawLocal();
        local = FileSystem.get(URI.create("file:///"), hadoop);
        dataset = new Path(folder.resolve("data").toUri());
        for (int i = 0; i < RECORDS; i++) {
            byte[] image = new byte[100 + 31 * i];
            Arrays.fill(image, (byte) i);
            images.add(image);
        }
        SmallDataset.write(local, dataset, images, RECORDS);
    }

    @Test
    void indices() throws IOException {
        byte[] whole = Files.readAllBytes(file("train/shard-00000.idx"));
        Mutations mutations = new Mutations(1, List.of(whole));
        Path path = new Path("shard-00000.idx");
        new Fuzzing("indices of shards", List.of(CorruptShardException.class), MOST_BYTES, 8).run(
            number -> number % 2 == 0 ? mutations.copy(number) : withChecksum(mutations.copy(number)), file -> {
                if (file.length < 16) {
                    // The reader of files looks at their length first.
                    Files.write(folder.resolve("short"), file);
                    ShardIndex.read(local, new Path(folder.resolve("short").toUri()));
                }
                ShardIndex index = ShardIndex.parse(path, file);
                for (int i = 0; i < index.records(); i++) {
                    if (index.length(i) > ShardIndex.MAX_RECORD_BYTES || index.offset(i) < 0 || index.id(i).length() > file.length) {
                        throw new AssertionError("record " + i + " is " + index.length(i) + " bytes at " + index.offset(i));
                    }
                }
                return Arrays.equals(file, whole) ? Finding.EQUAL : Finding.OTHER;
            });
    }

    @Test
    void manifests() throws IOException {
        Mutations mutations = new Mutations(2, List.of(Files.readAllBytes(file(DatasetManifest.FILE_NAME))));
        DatasetManifest original = DatasetManifest.read(local, dataset);
        new Fuzzing("manifests", List.of(IOException.class), MOST_BYTES, 64).run(mutations::copy, damaged -> {
            Files.write(file(DatasetManifest.FILE_NAME), damaged);
            return DatasetManifest.read(local, dataset).equals(original) ? Finding.EQUAL : Finding.OTHER;
        });
    }

    /** From the cache and past it. */
    @Test
    void shards() throws IOException {
        Mutations mutations = new Mutations(3, List.of(Files.readAllBytes(file("train/shard-00000.seq"))));
        try (ShardedSplit direct = ShardedSplit.open(hadoop, dataset, DatasetManifest.TRAIN, 0)) {
            new Fuzzing("shards", List.of(CorruptShardException.class), MOST_BYTES, 64).run(mutations::copy, damaged -> {
                Files.write(file("train/shard-00000.seq"), damaged);
                int read = 0;
                try (ShardedSplit cached = ShardedSplit.open(hadoop, dataset, DatasetManifest.TRAIN, 1 << 20)) {
                    CorruptShardException reason = null;
                    for (int i = 0; i < RECORDS; i++) {
                        try {
                            assertRead(cached.read(i));
                            read++;
                        } catch (CorruptShardException e) {
                            reason = e;
                        }
                    }
                    int scanned = scan(direct);
                    if (scanned != read) {
                        throw new AssertionError(read + " records are read from the cache and " + scanned + " in one go");
                    }
                    if (reason != null) {
                        throw reason;
                    }
                }
                return Finding.EQUAL;
            });
        }
    }

    private int scan(ShardedSplit split) {
        int[] all = new int[RECORDS];
        Arrays.setAll(all, i -> i);
        int[] read = new int[1];
        split.scan(all, new SampleSink() {
            @Override
            public boolean read(ShardedSplit.Sample sample) {
                assertRead(sample);
                read[0]++;
                return true;
            }

            @Override
            public boolean failed(int ordinal, IOException failure) {
                if (failure instanceof CorruptShardException) {
                    return true;
                }
                throw new AssertionError("record " + ordinal, failure);
            }
        });
        return read[0];
    }

    private void assertRead(ShardedSplit.Sample sample) {
        if (!Arrays.equals(sample.bytes(), images.get(sample.ordinal()))) {
            throw new AssertionError("record " + sample.ordinal() + " is not what was written");
        }
    }

    private java.nio.file.Path file(String name) {
        return folder.resolve("data").resolve(name);
    }

    private static byte[] withChecksum(byte[] index) {
        if (index.length >= Integer.BYTES) {
            int end = index.length - Integer.BYTES;
            ByteBuffer.wrap(index).putInt(end, ShardIndex.checksum(index, 0, end));
        }
        return index;
    }
}
