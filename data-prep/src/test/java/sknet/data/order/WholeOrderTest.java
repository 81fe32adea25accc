package sknet.data.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeOrderTest {
    private static final int LARGE = 60_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 16, 17, 64, 65, 1000, LARGE})
    void everySampleIsVisitedExactlyOnce(int size) {
        int[] visited = order(42, 3, size);
        Arrays.sort(visited);
        assertEquals(IntStream.range(0, size).boxed().toList(), Arrays.stream(visited).boxed().toList());
    }

    @Test
    void theLargestSizeStaysInRange() {
        WholeOrder order = new WholeOrder(1, 0, Integer.MAX_VALUE);
        for (int position : new int[] {0, 1, Integer.MAX_VALUE / 2, Integer.MAX_VALUE - 1}) {
            int ordinal = order.at(position);
            assertTrue(ordinal >= 0 && ordinal < Integer.MAX_VALUE, "position " + position + " gives " + ordinal);
        }
    }

    @Test
    void theOrderIsAFunctionOfSeedEpochAndSizeForEver() {
        // A changed order would silently change every resumed run.
        assertEquals(List.of(9, 7, 1, 8, 2, 5, 3, 0, 6, 4), Arrays.stream(order(7, 1, 10)).boxed().toList());
    }

    @Test
    void epochsAndSeedsDifferAsRandomOrdersDo() {
        int[] base = order(1, 0, LARGE);
        for (int[] other : List.of(order(1, 1, LARGE), order(2, 0, LARGE), order(1L << 60 | 1, 0, LARGE))) {
            long fixed = IntStream.range(0, LARGE).filter(i -> base[i] == other[i]).count();
            assertTrue(fixed < 10, fixed + " positions agree (expected about 1)");
        }
    }

    @Test
    void aSampleMovesAThirdOfTheSetOnAverage() {
        int[] order = order(5, 2, LARGE);
        double displacement = IntStream.range(0, LARGE).mapToDouble(i -> Math.abs(order[i] - i)).average().orElseThrow() / LARGE;
        assertEquals(1.0 / 3, displacement, 0.01);
    }

    @Test
    void positionsAndNeighboursAreUncorrelated() {
        int[] order = order(5, 2, LARGE);
        assertEquals(0, correlation(order, IntStream.range(0, LARGE).toArray()), 0.02);
        assertEquals(0, correlation(Arrays.copyOf(order, LARGE - 1), Arrays.copyOfRange(order, 1, LARGE)), 0.02);
        assertEquals(0, correlation(order, order(5, 3, LARGE)), 0.02);
    }

    @Test
    void everyTenthOfAnEpochDrawsEvenlyFromTheSet() {
        int[] order = order(9, 0, LARGE);
        int[][] counts = new int[10][10];
        for (int i = 0; i < LARGE; i++) {
            counts[i / (LARGE / 10)][order[i] / (LARGE / 10)]++;
        }
        // Hypergeometric: mean 600, standard deviation 22.
        assertTrue(Arrays.stream(counts).flatMapToInt(Arrays::stream).allMatch(count -> Math.abs(count - 600) < 110),
                Arrays.deepToString(counts));
    }

    @Test
    void threeSamplesComeInAllSixOrders() {
        Set<List<Integer>> orders = new HashSet<>();
        for (int epoch = 0; epoch < 100; epoch++) {
            orders.add(Arrays.stream(order(3, epoch, 3)).boxed().toList());
        }
        assertEquals(6, orders.size());
    }

    @Test
    void impossibleArgumentsAreNamed() {
        assertEquals("Cannot order an epoch: size is 0 (expected 1 or more)",
                assertThrows(IllegalArgumentException.class, () -> new WholeOrder(1, 0, 0)).getMessage());
        assertEquals("Cannot order an epoch: epoch is -1 (expected 0 or more)",
                assertThrows(IllegalArgumentException.class, () -> new WholeOrder(1, -1, 1)).getMessage());
        assertEquals("Cannot order an epoch: position is 5 (expected 0 to 4)",
                assertThrows(IndexOutOfBoundsException.class, () -> new WholeOrder(1, 0, 5).at(5)).getMessage());
    }

    @Test
    void aSamplesRandomnessDependsOnSeedEpochAndOrdinal() {
        assertEquals(new SampleRandom(1, 2, 3).nextLong(), new SampleRandom(1, 2, 3).nextLong());
        Set<Long> firsts = new HashSet<>();
        for (int seed = 0; seed < 10; seed++) {
            for (int epoch = 0; epoch < 10; epoch++) {
                for (int ordinal = 0; ordinal < 1000; ordinal++) {
                    firsts.add(new SampleRandom(seed, epoch, ordinal).nextLong());
                }
            }
        }
        assertEquals(100_000, firsts.size());
    }

    @Test
    void theFirstDrawsOfConsecutiveSamplesAreUniformAndUncorrelated() {
        double[] draws = IntStream.range(0, LARGE).mapToDouble(ordinal -> new SampleRandom(1, 0, ordinal).nextDouble()).toArray();
        assertEquals(0.5, Arrays.stream(draws).average().orElseThrow(), 0.01);
        assertEquals(1.0 / 12, Arrays.stream(draws).map(draw -> (draw - 0.5) * (draw - 0.5)).average().orElseThrow(), 0.005);
        double lag = IntStream.range(1, LARGE).mapToDouble(i -> (draws[i] - 0.5) * (draws[i - 1] - 0.5)).average().orElseThrow()
                * 12;
        assertEquals(0, lag, 0.02);
        assertFalse(draws[0] == draws[1]);
    }

    private static int[] order(long seed, int epoch, int size) {
        WholeOrder order = new WholeOrder(seed, epoch, size);
        return IntStream.range(0, size).map(order::at).toArray();
    }

    private static double correlation(int[] left, int[] right) {
        double leftMean = Arrays.stream(left).average().orElseThrow();
        double rightMean = Arrays.stream(right).average().orElseThrow();
        double product = 0;
        double leftSquare = 0;
        double rightSquare = 0;
        for (int i = 0; i < left.length; i++) {
            product += (left[i] - leftMean) * (right[i] - rightMean);
            leftSquare += (left[i] - leftMean) * (left[i] - leftMean);
            rightSquare += (right[i] - rightMean) * (right[i] - rightMean);
        }
        return product / Math.sqrt(leftSquare * rightSquare);
    }
}
