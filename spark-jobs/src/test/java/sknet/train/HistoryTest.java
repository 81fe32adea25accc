package sknet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.tensorboard.EventFileReader;
import sknet.tensorboard.EventFiles;
import sknet.tensorboard.Histogram;

class HistoryTest {

    @TempDir
    private java.nio.file.Path directory;
    private FileSystem local;
    private Path run;
    private History history;
    private RunEvents events;
    private CorruptRecords corrupt;
    private final List<String> seen = new ArrayList<>();
    private final List<Long> saved = new ArrayList<>();
    private final TrainingObserver observer = new TrainingObserver() {
        @Override
        public void started(long step, long totalSteps, Resumed resumed) {
        }

        @Override
        public void stepped(StepMetrics metrics) {
            seen.add("step " + metrics.step());
        }

        @Override
        public void checkpointed(String path) {
            seen.add(path);
        }

        @Override
        public void corrupt(String finding) {
            seen.add(finding);
        }
    };

    @BeforeEach
    void open() throws IOException {
        local = new RawLocalFileSystem();
        local.initialize(URI.create("file:///"), new Configuration());
        run = new Path(directory.toUri());
        history = new History(local, run);
        events = new RunEvents(local, run);
        corrupt = new CorruptRecords(events, observer);
    }

    @Test
    void theLastLinesAreReadFromTheLastFiles() throws IOException {
        for (int step : new int[] {9, 99, 100}) {
            history.save(step, List.of(metrics(step - 1), metrics(step)));
        }
        assertEquals(List.of(99L, 100L), history.tail(1).stream().map(StepMetrics::step).toList());
        assertEquals(List.of(98L, 99L, 99L, 100L), history.tail(3).stream().map(StepMetrics::step).toList());
        assertEquals(6, history.tail(100).size());
    }

    @Test
    void aLineIsMadeWhenAllRanksHaveReported() throws IOException {
        ProgressCollector collector = new ProgressCollector("run-1", 2, curve(), observer, corrupt, saved::add);
        collector.stepped(report(0, 10, 2, 8.0, ""));
        assertEquals(List.of(), seen);
        collector.stepped(report(1, 10, 4, 4.0, ""));
        assertEquals(List.of("step 10"), seen);
        assertEquals(List.of(), history.read(), "kept back until the checkpoint");
        collector.stepped(report(1, 20, 2, 1.0, ""));
        collector.stepped(report(0, 20, 2, 1.0, "checkpoint 20"));
        assertEquals(List.of("step 10", "step 20", "checkpoint 20"), seen);
        assertEquals(List.of(20L), saved);
        assertEquals(20, collector.lastStep());
        assertEquals(List.of(new StepMetrics(10, 0, 0.6, 0.1, 4, 5, 0.25, 0.375, 0.25, 0), new StepMetrics(20, 0, 0.1, 0.1, 2, 10, 0.5, 0.75, 0.5, 0)),
            history.read());
    }

    @Test
    void aRunThatStartsAgainLeavesNeitherGapNorOverlap() throws IOException {
        StepMetrics first = new StepMetrics(10, 0, 3, 0.1, 2, 5, 0, 0, 0, 0);
        StepMetrics second = new StepMetrics(20, 0, 2, 0.1, 2, 5, 0, 0, 0, 0);
        history.save(10, List.of(first));
        history.save(20, List.of(second));
        history.truncate(10);
        assertEquals(List.of(first), history.read());
        history.save(20, List.of(second));
        history.save(20, List.of(second));
        assertEquals(List.of(first, second), history.read());
    }

    @Test
    void tensorBoardGetsThePointsUpToEachCheckpointAndItsAttention() throws IOException {
        ProgressCollector collector = new ProgressCollector("run-1", 1, curve(), observer, corrupt, saved::add);
        collector.stepped(report(0, 10, 2, 8.0, ""));
        collector.stepped(report(0, 20, 2, 4.0, "checkpoint 20"));
        collector.stepped(report(0, 30, 2, 1.0, "checkpoint 30"));
        assertEquals(List.of(10L, 20L, 20L, 30L, 30L), EventFileReader.trainingSteps(local, run));
        List<EventFileReader.Event> first = EventFileReader.read(local, new Path(run, "tensorboard/events.out.tfevents.0000000020.train"));
        assertEquals(Set.of("train/loss", "train/learning-rate", "train/images-per-second", "train/data-share", "train/sync-share",
            "train/exchange-share"), first.get(1).values().keySet());
        assertEquals(0.8f, first.get(1).values().get("train/loss"));
        assertEquals(5f, first.get(1).values().get("train/images-per-second"));
        assertEquals(Set.of("attention/SK_2_2/5x5"), first.get(3).values().keySet());
    }

    @Test
    void whatCannotBeSavedGoesWithTheNextCheckpoint() throws IOException {
        java.nio.file.Path inTheWay = Files.createFile(directory.resolve(EventFiles.DIRECTORY));
        ProgressCollector collector = new ProgressCollector("run-1", 1, curve(), observer, corrupt, saved::add);
        collector.stepped(report(0, 10, 2, 8.0, "checkpoint 10"));
        Files.delete(inTheWay);
        collector.stepped(report(0, 20, 2, 8.0, "checkpoint 20"));
        assertEquals(List.of(10L, 10L, 20L, 20L), EventFileReader.trainingSteps(local, run));
        assertEquals(List.of(10L, 20L), history.read().stream().map(StepMetrics::step).toList());
        assertEquals(List.of(10L, 20L), saved, "the run goes on");
    }

    @Test
    void aCorruptRecordIsCountedEachTimeAndToldOnceARun() throws IOException {
        for (int attempt = 0; attempt < 2; attempt++) {
            ProgressCollector collector = new ProgressCollector("run-1", 1, curve(), observer, new CorruptRecords(events, observer), saved::add);
            collector.stepped(new ReplicaProgress(0, 0, 10, 10, 10, 1, 0.1, 2, 1, 1, List.of("record 3"), "", List.of()));
            collector.stepped(new ReplicaProgress(0, 1, 20, 10, 10, 1, 0.1, 2, 0, 1, List.of("record 3", "record 7"), "checkpoint", List.of()));
        }
        assertEquals(List.of("record 3", "record 7"), seen.stream().filter(line -> line.startsWith("record")).toList());
        assertEquals(List.of("record 3", "record 7"), events.read().stream().map(RunEvent::detail).toList());
        assertEquals(List.of(1, 2), history.read().stream().map(StepMetrics::corrupt).toList());
        assertEquals(List.of(new EpochMetrics(0, 0.1, 5, 0.5, 1), new EpochMetrics(1, 0.1, 5, 0, 2)), EpochMetrics.of(history.read()));
    }

    @Test
    void theWaitForDataIsThatOfTheTimeNotOfTheLines() {
        List<StepMetrics> lines = List.of(new StepMetrics(10, 0, 3, 0.1, 9, 10, 0, 0, 0, 0),
            new StepMetrics(20, 0, 1, 0.1, 1, 10, 0.5, 0, 0, 0));
        assertEquals(0.05, EpochMetrics.dataShare(lines), 1e-12);
        assertEquals(2.8, EpochMetrics.of(lines).get(0).loss(), 1e-12);
        assertEquals(0, EpochMetrics.dataShare(List.of()));
    }

    private static StepMetrics metrics(long step) {
        return new StepMetrics(step, 0, 1, 0.1, 1, 10, 0, 0, 0, 0);
    }

    private LearningCurve curve() {
        return new LearningCurve(history, new EventFiles(local, run));
    }

    private static ReplicaProgress report(int rank, long step, double seconds, double lossSum, String checkpoint) {
        return new ReplicaProgress(rank, 0, step, 10, 10, lossSum, 0.1, seconds, 1, 1 + rank, List.of(), checkpoint,
            checkpoint.isEmpty() ? List.of() : List.of(new AttentionHistogram("SK_2_2", "5x5", Histogram.of(new float[] {0.5f}))));
    }
}
