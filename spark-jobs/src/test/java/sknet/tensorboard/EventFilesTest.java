package sknet.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.tensorboard.EventFileReader.Event;
import sknet.tensorboard.EventFileReader.Spread;
import sknet.tensorboard.EventFiles.Kind;

class EventFilesTest {

    private static final StepEvent LOSS = new StepEvent(1500, 300, List.of(StepEvent.scalar("train/loss", 0.25)));

    @TempDir
    private java.nio.file.Path directory;
    private FileSystem fileSystem;
    private Path run;
    private EventFiles files;

    @BeforeEach
    void open() throws IOException {
        fileSystem = FileSystem.getLocal(new Configuration());
        run = new Path(directory.toUri());
        files = new EventFiles(fileSystem, run);
    }

    @Test
    void theBytesAreThoseThatTensorBoardsOwnWriterWrites() throws IOException {
        // By RecordWriter and event_pb2.Event of TensorBoard 2.21, with the same version, time, step and value.
        byte[] expected = HexFormat.of().parseHex("1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
            + "2100000000000000017becf609000000000000f83f10ac022a130a110a0a747261696e2f6c6f7373150000803e6557981f");
        assertArrayEquals(expected, EventRecords.of(List.of(LOSS)));
        assertEquals(0xe3069283, EventFileReader.crc32c("123456789".getBytes(StandardCharsets.US_ASCII)), "the reader's own CRC");
    }

    @Test
    void scalarsAndHistogramsAreReadBackByTheirTags() throws IOException {
        Histogram histogram = Histogram.of(new float[] {0, 0.25f, 0.26f, 0.5f, 1, Float.NaN});
        files.save(12, Kind.TRAIN, List.of(LOSS,
            new StepEvent(2500, 301, List.of(StepEvent.scalar("a", Double.NaN), StepEvent.histogram("b", histogram)))));
        List<Event> events = EventFileReader.read(fileSystem, new Path(run, "tensorboard/events.out.tfevents.0000000012.train"));
        assertEquals(List.of(new Event(1.5, 0, "brain.Event:2", Map.of()), new Event(1.5, 300, null, Map.of("train/loss", 0.25f))),
            events.subList(0, 2));
        assertEquals(3, events.size());
        assertEquals(2.5, events.get(2).wallTime());
        assertEquals(Float.NaN, events.get(2).values().get("a"));
        Spread spread = (Spread) events.get(2).values().get("b");
        assertEquals(new Spread(0, 1, 5, 2.01, 1.3801, spread.limits(), spread.counts()), rounded(spread));
        assertEquals(List.of(1 / 64.0, 17 / 64.0, 1.0), Stream.of(0, 16, 63).map(spread.limits()::get).toList());
        assertEquals(List.of(1.0, 2.0, 1.0, 1.0), Stream.of(0, 16, 32, 63).map(spread.counts()::get).toList());
        assertEquals(5, spread.counts().stream().mapToDouble(count -> count).sum());
    }

    @Test
    void aHistogramOfNothingIsEmpty() {
        Histogram histogram = Histogram.of(new float[] {Float.NaN});
        assertEquals(List.of(0.0, 0.0, 0.0), List.of(histogram.min(), histogram.max(), histogram.sum()));
        assertEquals(64, histogram.counts().size());
    }

    @Test
    void filesAreInTheOrderOfTheirStepsAndNothingElseIsThere() throws IOException {
        files.save(100, Kind.TRAIN, List.of(LOSS));
        files.save(20, Kind.VAL, List.of(LOSS));
        files.save(20, Kind.TRAIN, List.of(LOSS));
        files.save(20, Kind.VAL, List.of());
        assertEquals(List.of("events.out.tfevents.0000000020.train", "events.out.tfevents.0000000020.val", "events.out.tfevents.0000000100.train"),
            EventFileReader.names(FileSystem.getLocal(new Configuration()).getRawFileSystem(), run));
        assertEquals(1, EventFileReader.read(fileSystem, new Path(run, "tensorboard/events.out.tfevents.0000000020.val")).size(), "it was replaced");
    }

    @Test
    void aRunThatStartsAgainKeepsWhatIsUpToItsCheckpointAndTheEvaluations() throws IOException {
        files.truncate(0);
        for (long step : new long[] {10, 20, 30}) {
            files.save(step, Kind.TRAIN, List.of(LOSS));
            files.save(step, Kind.VAL, List.of(LOSS));
        }
        Files.createFile(directory.resolve("tensorboard/_events.out.tfevents.0000000040.train.0123.tmp"));
        files.truncate(20);
        assertEquals(List.of("events.out.tfevents.0000000010.train", "events.out.tfevents.0000000010.val", "events.out.tfevents.0000000020.train",
            "events.out.tfevents.0000000020.val", "events.out.tfevents.0000000030.val"), EventFileReader.names(fileSystem, run));
    }

    private static Spread rounded(Spread spread) {
        return new Spread(spread.min(), spread.max(), spread.num(), Math.round(spread.sum() * 1e4) / 1e4,
            Math.round(spread.sumOfSquares() * 1e4) / 1e4, spread.limits(), spread.counts());
    }
}
