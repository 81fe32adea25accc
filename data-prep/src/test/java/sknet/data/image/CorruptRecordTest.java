package sknet.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.shard.ShardedSplit;
import sknet.data.shard.SmallDataset;

/** Three shards of 4; 1 and 2 are no images, and of the last shard nothing is left. */
class CorruptRecordTest {
    private static final int VALUES = 192;

    private final Configuration hadoop = SmallDataset.rawLocal();
    @TempDir
    private java.nio.file.Path folder;
    private ShardedSplit split;

    @BeforeEach
    void open() throws IOException {
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            images.add(i == 1 || i == 2 ? new byte[] {1, 2, 3} : TestImages.encode(TestImages.picture(20, 16, i), "png"));
        }
        Path dataset = new Path(folder.toUri().toString());
        SmallDataset.write(dataset.getFileSystem(hadoop), dataset, images, 4);
        Files.write(folder.resolve("train/shard-00002.seq"), new byte[0]);
        split = ShardedSplit.open(hadoop, dataset, "train", 0);
    }

    @AfterEach
    void close() throws IOException {
        split.close();
    }

    @Test
    void theNextReadableRecordOfTheShardTakesItsPlaceWithTheAugmentationOfItsOwn() throws IOException {
        BatchReader reader = reader(new ResizeCentreCrop(8, 8));
        FloatBuffer images = FloatBuffer.allocate(4 * VALUES);
        int[] labels = new int[4];
        reader.read(new int[] {0, 1, 2, 3}, 0, images, labels);
        assertArrayEquals(new int[] {0, 1, 1, 1}, labels);
        for (int place = 1; place < 4; place++) {
            assertArrayEquals(image(images, 3), image(images, place), "3 takes the place of 1 and 2");
        }
        FloatBuffer augmented = FloatBuffer.allocate(4 * VALUES);
        reader(new RandomResizedCrop(8, 0.3, 1, 0.75, 4.0 / 3, 0.5)).read(new int[] {0, 1, 2, 3}, 0, augmented, labels);
        assertFalse(Arrays.equals(image(augmented, 1), image(augmented, 2)), "each is cropped in its own way");
    }

    @Test
    void whatIsReplacedIsNamedWithItsShard() throws IOException {
        CorruptRecord record = reader(new ResizeCentreCrop(8, 8)).read(2, 0, 0, List.of(FloatBuffer.allocate(VALUES)), new int[1]).orElseThrow();
        assertEquals(2, record.ordinal());
        assertEquals("Cannot decode train/cat/2.png (sample 2): it is no JPEG or PNG image (starts with 0x010203); it is record 2 "
                + "(train/cat/2.png) of file:" + folder + "/train/shard-00000.seq", record.finding());
    }

    @Test
    void aShardOfWhichNothingIsLeftIsAnError() {
        String message = assertThrows(IOException.class, () -> reader(new ResizeCentreCrop(8, 8)).read(new int[] {9}, 0,
                FloatBuffer.allocate(VALUES), new int[1])).getMessage();
        assertEquals("Cannot replace record 1 (train/dog/9.png) of file:" + folder
                + "/train/shard-00002.seq: no record of its shard can be read (expected at least one)", message);
    }

    @Test
    void aShardThatIsGoneIsAnErrorToo() throws IOException {
        Files.delete(folder.resolve("train/shard-00001.seq"));
        assertThrows(IOException.class, () -> reader(new ResizeCentreCrop(8, 8)).read(new int[] {5}, 0, FloatBuffer.allocate(VALUES),
                new int[1]));
    }

    @Test
    void aBatchCarriesWhatWasReplacedInItWhateverTheThreads() throws Exception {
        for (int threads : new int[] {1, 3}) {
            List<BatchRequest> requests = List.of(new BatchRequest(0, new int[] {2, 0, 1}), new BatchRequest(0, new int[] {4}));
            try (Prefetcher prefetcher = new Prefetcher(reader(new ResizeCentreCrop(8, 8)), requests.iterator(), 2, threads)) {
                assertEquals(List.of(2, 1), prefetcher.next().corrupt().stream().map(CorruptRecord::ordinal).toList());
                assertTrue(prefetcher.next().corrupt().isEmpty());
            }
        }
    }

    private BatchReader reader(ImageTransform transform) {
        return BatchReader.replacing(split, split, transform, new float[] {1, 2, 3}, 1);
    }

    private static float[] image(FloatBuffer images, int place) {
        return Arrays.copyOfRange(images.array(), place * VALUES, (place + 1) * VALUES);
    }
}
