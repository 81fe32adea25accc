package sknet.data.order;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowedOrderTest {
    /** Of several sizes, two of them empty, one at the end. */
    private static final int[] SHARDS = {100, 37, 0, 250, 1, 90, 111, 64, 0};
    private static final int SIZE = 653;

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,7,3", "4,3,5", "8,32,1", "2,10,1000", "3,5,7", "653,1,1", "1,653,1"})
    void everySampleIsVisitedAtMostOnceAndAsManyAsWholeStepsTake(int lanes, int laneBatch, int steps) {
        Windows windows = new Windows(lanes, laneBatch, steps);
        for (int epoch = 0; epoch < 5; epoch++) {
            int[] order = order(3, epoch, windows);
            assertEquals(SIZE / windows.batch() * windows.batch(), order.length);
            assertEquals(order.length, Arrays.stream(order).distinct().count());
            assertTrue(Arrays.stream(order).allMatch(ordinal -> ordinal >= 0 && ordinal < SIZE));
        }
    }

    @Test
    void anyPositionIsTheSameAsInAWalkFromTheBeginning() {
        Windows windows = new Windows(4, 3, 5);
        int[] walk = order(1, 2, windows);
        for (int position = walk.length - 1; position >= 0; position--) {
            assertEquals(walk[position], new WindowedOrder(1, 2, SHARDS, windows).at(position));
        }
    }

    @Test
    void theOrderIsAFunctionOfSeedEpochShardsAndWindowsForEver() {
        // A changed order would silently change every resumed run.
        WindowedOrder order = new WindowedOrder(7, 1, new int[] {4, 6, 5}, new Windows(2, 2, 2));
        assertEquals(List.of(4, 7, 11, 14, 6, 5, 12, 13, 10, 8, 2, 0), IntStream.range(0, 12).map(order::at).boxed().toList());
    }

    @Test
    void aWindowOfALaneIsAFewRunsOfNeighbours() {
        int[] shards = IntStream.generate(() -> 50).limit(40).toArray();
        Windows windows = new Windows(4, 5, 15);
        WindowedOrder order = new WindowedOrder(1, 0, shards, windows);
        Map<List<Integer>, TreeSet<Integer>> byWindow = new HashMap<>();
        for (int position = 0; position < 2000; position++) {
            byWindow.computeIfAbsent(List.of(position % 20 / 5, order.windowAt(position)), key -> new TreeSet<>()).add(order.at(position));
        }
        assertEquals(4 * 7, byWindow.size(), "100 steps take 7 windows of 15");
        for (TreeSet<Integer> ordinals : byWindow.values()) {
            long runs = ordinals.stream().filter(ordinal -> !ordinals.contains(ordinal - 1)).count();
            // 75 samples of a stream of shards of 50: the rest of one, another, the beginning of a third.
            assertTrue(runs <= 3, ordinals.toString());
        }
    }

    @Test
    void aLaneReadsItsOwnShardsAlone() {
        int[] shards = IntStream.generate(() -> 50).limit(40).toArray();
        WindowedOrder order = new WindowedOrder(1, 3, shards, new Windows(4, 5, 15));
        List<Set<Integer>> byLane = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        for (int position = 0; position < 2000; position++) {
            byLane.get(position % 20 / 5).add(order.at(position) / 50);
        }
        Set<Integer> all = new HashSet<>();
        byLane.forEach(all::addAll);
        assertEquals(40, all.size());
        assertEquals(40, byLane.stream().mapToInt(Set::size).sum(), "10 whole shards a lane");
    }

    @Test
    void withinAWindowPositionsAndNeighboursAreUncorrelated() {
        int[] shards = IntStream.generate(() -> 1000).limit(60).toArray();
        WindowedOrder order = new WindowedOrder(5, 2, shards, new Windows(1, 10, 1000));
        int[] window = IntStream.range(0, 10_000).map(order::at).map(ordinal -> ordinal % 1000).toArray();
        double neighbours = 0;
        double positions = 0;
        for (int i = 1; i < window.length; i++) {
            neighbours += (window[i] - 499.5) * (window[i - 1] - 499.5);
            positions += (window[i] - 499.5) * (i - 4999.5);
        }
        assertEquals(0, neighbours / window.length / (1e6 / 12), 0.04);
        assertEquals(0, positions / window.length / (1e7 / 12), 0.04);
    }

    @Test
    void overTheEpochsASampleComesAtAnyTime() {
        int[] shards = IntStream.generate(() -> 16).limit(40).toArray();
        int[] counts = new int[10];
        for (int epoch = 0; epoch < 2000; epoch++) {
            WindowedOrder order = new WindowedOrder(9, epoch, shards, new Windows(4, 4, 4));
            for (int position = 0; position < 640; position++) {
                if (order.at(position) == 123) {
                    counts[position / 64]++;
                }
            }
        }
        // Binomial: 200, standard deviation 13.
        assertTrue(Arrays.stream(counts).allMatch(count -> Math.abs(count - 200) < 65), Arrays.toString(counts));
    }

    @Test
    void whatAnEpochLeavesOutIsOtherSamplesInEveryEpoch() {
        Set<Integer> left = new HashSet<>();
        for (int epoch = 0; epoch < 400; epoch++) {
            Set<Integer> visited = new HashSet<>();
            Arrays.stream(order(1, epoch, new Windows(4, 3, 5))).forEach(visited::add);
            IntStream.range(0, SIZE).filter(ordinal -> !visited.contains(ordinal)).forEach(left::add);
        }
        // 5 samples an epoch: all but 5 % of them after 400, were they drawn evenly.
        assertTrue(left.size() > 500, left.size() + " samples were ever left out");
    }

    @Test
    void twoSamplesOfABatchMeetAgainAsSeldomAsWindowsAllow() {
        // 8 lanes of 4: in a shuffle of the whole, 2.4 % of the pairs of a step of 32 meet again in the same step of 40.
        int[] shards = IntStream.generate(() -> 32).limit(40).toArray();
        Windows windows = new Windows(8, 4, 10);
        long again = 0;
        long pairs = 0;
        for (int epoch = 0; epoch < 20; epoch++) {
            int[] step = new int[1280];
            WindowedOrder before = new WindowedOrder(2, epoch, shards, windows);
            WindowedOrder after = new WindowedOrder(2, epoch + 1, shards, windows);
            IntStream.range(0, 1280).forEach(position -> step[after.at(position)] = position / 32);
            for (int position = 0; position < 1280; position++) {
                for (int other = position + 1; other < position / 32 * 32 + 32; other++) {
                    pairs++;
                    again += step[before.at(position)] == step[before.at(other)] ? 1 : 0;
                }
            }
        }
        double share = (double) again / pairs;
        assertTrue(share < 0.05, share + " of the pairs meet again");
    }

    @Test
    void epochsAndSeedsDiffer() {
        Windows windows = new Windows(4, 3, 5);
        int[] base = order(1, 0, windows);
        assertArrayEquals(base, order(1, 0, windows));
        assertFalse(Arrays.equals(base, order(1, 1, windows)));
        assertFalse(Arrays.equals(base, order(2, 0, windows)));
    }

    @Test
    void windowsAreWholeSteps() {
        assertEquals(new Windows(8, 32, 64), Windows.of(8, 32, 16_384));
        assertEquals(new Windows(8, 32, 63), Windows.of(8, 32, 16_383));
        assertEquals(new Windows(8, 32, 1), Windows.of(8, 32, 1));
    }

    @Test
    void impossibleArgumentsAreNamed() {
        Windows windows = new Windows(4, 3, 5);
        assertEquals("Cannot order an epoch: epoch is -1 (expected 0 or more)",
                assertThrows(IllegalArgumentException.class, () -> new WindowedOrder(1, -1, SHARDS, windows)).getMessage());
        assertEquals("Cannot order an epoch: size is 11 (expected a step of 12 or more)",
                assertThrows(IllegalArgumentException.class, () -> new WindowedOrder(1, 0, new int[] {11}, windows)).getMessage());
        assertEquals("Cannot order an epoch: position is 648 (expected 0 to 647)",
                assertThrows(IndexOutOfBoundsException.class, () -> new WindowedOrder(1, 0, SHARDS, windows).at(648)).getMessage());
        assertEquals("Cannot shuffle in windows: 0 lanes, 3 samples and 5 steps (expected 1 or more of each)",
                assertThrows(IllegalArgumentException.class, () -> new Windows(0, 3, 5)).getMessage());
    }

    private static int[] order(long seed, int epoch, Windows windows) {
        WindowedOrder order = new WindowedOrder(seed, epoch, SHARDS, windows);
        return IntStream.range(0, SIZE / windows.batch() * windows.batch()).map(order::at).toArray();
    }
}
