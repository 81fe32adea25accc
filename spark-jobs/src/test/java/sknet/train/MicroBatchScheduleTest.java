package sknet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sknet.checkpoint.Position;
import sknet.data.image.BatchRequest;
import sknet.data.image.OnCorrupt;
import sknet.data.image.PadCrop;
import sknet.data.order.WholeOrder;
import sknet.data.order.WindowedOrder;
import sknet.data.order.Windows;
import sknet.optimize.StepOptions;
import sknet.sync.WireType;

class MicroBatchScheduleTest {

    private static final int SAMPLES = 50;
    private static final int[] SHARDS = {20, 7, 23};
    private static final TrainingPlan PLAN = plan(Map.of());

    static TrainingPlan plan(Map<String, String> provenance) {
        return plan(0, provenance);
    }

    private static TrainingPlan plan(int window, Map<String, String> provenance) {
        return new TrainingPlan("file:/data", "file:/run", 2, 4, 3, new PadCrop(8, 0, 0), 8, 1, StepOptions.NONE,
            new ReadingPlan(window, 0, 1, OnCorrupt.ERROR), 0, Duration.ZERO, 1, WireType.FP32, Duration.ofSeconds(1), Duration.ofSeconds(1), provenance);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void theRanksTogetherTakeTheEpochsOrder(int ranks) {
        List<List<BatchRequest>> byRank = IntStream.range(0, ranks).mapToObj(rank -> all(PLAN, Position.START, rank, ranks)).toList();
        List<int[]> microBatches = new ArrayList<>();
        int own = PLAN.microBatches() / ranks;
        for (int step = 0; step < 8; step++) {
            for (List<BatchRequest> requests : byRank) {
                requests.subList(step * own, (step + 1) * own).forEach(request -> microBatches.add(request.ordinals()));
            }
        }
        for (int epoch = 0; epoch < 2; epoch++) {
            WholeOrder order = new WholeOrder(1, epoch, SAMPLES);
            int[] expected = IntStream.range(0, 48).map(order::at).toArray();
            int[] actual = microBatches.subList(epoch * 16, (epoch + 1) * 16).stream().flatMapToInt(IntStream::of).toArray();
            assertArrayEquals(expected, actual, "epoch " + epoch);
        }
    }

    @Test
    void aScheduleFromTheMiddleIsTheRestOfTheWholeOne() {
        List<BatchRequest> whole = all(PLAN, Position.START, 1, 2);
        Position middle = Position.START.next(12, SAMPLES).next(12, SAMPLES).next(12, SAMPLES);
        List<BatchRequest> rest = all(PLAN, middle, 1, 2);
        assertEquals(whole.size() - 6, rest.size());
        for (int i = 0; i < rest.size(); i++) {
            assertArrayEquals(whole.get(i + 6).ordinals(), rest.get(i).ordinals());
            assertEquals(whole.get(i + 6).epoch(), rest.get(i).epoch());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void inWindowsTheRanksTogetherTakeTheStepsOfOneWorkerAndTheLanesOfTheirOwn(int ranks) {
        TrainingPlan plan = plan(24, Map.of());
        WindowedOrder first = new WindowedOrder(1, 0, SHARDS, new Windows(4, 3, 2));
        int own = plan.microBatches() / ranks;
        for (int rank = 0; rank < ranks; rank++) {
            List<BatchRequest> requests = all(plan, Position.START, rank, ranks);
            for (int step = 0; step < 4; step++) {
                for (int i = 0; i < own; i++) {
                    BatchRequest request = requests.get(step * own + i);
                    int position = step * 12 + (rank * own + i) * 3;
                    assertArrayEquals(IntStream.range(position, position + 3).map(first::at).toArray(), request.ordinals());
                    assertEquals(step / 2, request.window());
                }
            }
        }
    }

    @Test
    void inWindowsAScheduleFromTheMiddleIsTheRestOfTheWholeOne() {
        TrainingPlan plan = plan(24, Map.of());
        List<BatchRequest> whole = all(plan, Position.START, 1, 2);
        List<BatchRequest> rest = all(plan, Position.START.next(12, SAMPLES).next(12, SAMPLES).next(12, SAMPLES), 1, 2);
        for (int i = 0; i < rest.size(); i++) {
            assertArrayEquals(whole.get(i + 6).ordinals(), rest.get(i).ordinals());
            assertEquals(whole.get(i + 6).window(), rest.get(i).window());
        }
    }

    @Test
    void anotherOrderForbidsToResume() {
        Map<String, String> whole = Map.of("dataset.order", "whole");
        ResumeCheck.sameResult(plan(whole), Map.of());
        assertEquals("Cannot resume the run in file:/run: dataset.order was whole and is windows of 24"
            + " (expected the same settings, or another --output)", assertThrows(IllegalArgumentException.class,
            () -> ResumeCheck.sameResult(plan(Map.of("dataset.order", "windows of 24")), Map.of())).getMessage());
    }

    @Test
    void afterTheLastEpochThereIsNothing() {
        MicroBatchSchedule schedule = new MicroBatchSchedule(PLAN, SHARDS, new Position(2, 0, 8), 0, 1);
        assertThrows(NoSuchElementException.class, schedule::next);
    }

    @Test
    void aChangedSettingThatDecidesTheResultForbidsToResume() {
        Map<String, String> before = Map.of("optimizer.learning-rate", "0.1", "train.epochs", "2", "dataset.fingerprint", "a");
        ResumeCheck.sameResult(plan(Map.of("optimizer.learning-rate", "0.1", "train.epochs", "9", "dataset.fingerprint", "a")), before);
        assertEquals("Cannot resume the run in file:/run: dataset.fingerprint was a and is b; optimizer.learning-rate was 0.1 and is 0.2"
            + " (expected the same settings, or another --output)",
            assertThrows(IllegalArgumentException.class, () -> ResumeCheck.sameResult(
                plan(Map.of("optimizer.learning-rate", "0.2", "train.epochs", "2", "dataset.fingerprint", "b")), before)).getMessage());
    }

    @Test
    void replicasThatDifferAreNamed() {
        assertEquals("Cannot go on after step 7: the replicas' parameters differ (expected one SHA-256): "
            + "ranks [0, 2] hold aaaaaaaaaaaa, ranks [1] hold bbbbbbbbbbbb",
            assertThrows(DivergedReplicasException.class, () -> DivergedReplicasException.check(7,
                List.of("a".repeat(64), "b".repeat(64), "a".repeat(64)))).getMessage());
    }

    private static List<BatchRequest> all(TrainingPlan plan, Position start, int rank, int ranks) {
        List<BatchRequest> requests = new ArrayList<>();
        new MicroBatchSchedule(plan, SHARDS, start, rank, ranks).forEachRemaining(requests::add);
        return requests;
    }
}
