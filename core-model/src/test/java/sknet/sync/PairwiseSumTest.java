package sknet.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PairwiseSumTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 13, 16})
    void theSumOneByOneHasTheBitsOfTheSumInPlace(int count) {
        List<INDArray> parts = randomParts(count);
        for (int kept : new int[] {0, count / 2, count - 1}) {
            List<INDArray> inPlace = copies(parts);
            PairwiseSum.reduce(count, kept, (target, addend) -> inPlace.get(target).addi(inPlace.get(addend)));
            assertSameBits(inPlace.get(kept), total(parts), count + " parts, kept in " + kept);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void workersWithTwoOrFourPartsEachGiveTheBitsOfOneWorkerWithAll(int workers) {
        for (int each : new int[] {1, 2, 4}) {
            List<INDArray> parts = randomParts(workers * each);
            List<INDArray> byWorker = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                byWorker.add(total(parts.subList(worker * each, (worker + 1) * each)));
            }
            assertSameBits(total(parts), sum(byWorker), workers + " workers with " + each + " parts each");
        }
    }

    @Test
    void theOrderMattersInFloatArithmetic() {
        List<INDArray> parts = randomParts(8);
        INDArray leftToRight = Nd4j.create(DataType.FLOAT, 1000);
        parts.forEach(leftToRight::addi);
        assertFalse(Arrays.equals(leftToRight.toFloatVector(), sum(parts).toFloatVector()),
            "else the tests above could not fail");
    }

    @Test
    void aSumCanBeCompletedInRangesInAnyOrder() {
        List<INDArray> parts = randomParts(7);
        PairwiseSum sum = new PairwiseSum();
        parts.subList(0, 6).forEach(sum::add);
        INDArray last = parts.get(6).dup();
        sum.completeIn(last, 700, 1000);
        sum.completeIn(last, 0, 1);
        assertEquals(parts.get(6).getFloat(1), last.getFloat(1), "not yet");
        sum.completeIn(last, 1, 700);
        assertSameBits(total(parts), last, "in three ranges");
    }

    @Test
    void resettingStartsOver() {
        PairwiseSum sum = new PairwiseSum();
        randomParts(3).forEach(sum::add);
        sum.reset();
        INDArray part = randomParts(1).get(0);
        INDArray last = part.dup();
        sum.completeIn(last, 0, 1000);
        assertSameBits(part, last, "one part");
    }

    /** {@code INDArray.equals} allows a difference of 1e-5; this does not. */
    static void assertSameBits(INDArray expected, INDArray actual, String what) {
        assertArrayEquals(expected.toFloatVector(), actual.toFloatVector(), what);
    }

    static List<INDArray> randomParts(int count) {
        List<INDArray> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(Nd4j.rand(DataType.FLOAT, 1000).subi(0.5));
        }
        return parts;
    }

    static List<INDArray> copies(List<INDArray> parts) {
        return new ArrayList<>(parts.stream().map(INDArray::dup).toList());
    }

    /** The sum as one worker accumulates it. */
    private static INDArray total(List<INDArray> parts) {
        PairwiseSum sum = new PairwiseSum();
        parts.subList(0, parts.size() - 1).forEach(sum::add);
        INDArray last = parts.get(parts.size() - 1).dup();
        sum.completeIn(last, 0, last.length());
        return last;
    }

    /** The sum as workers add up their parts. */
    static INDArray sum(List<INDArray> parts) {
        List<INDArray> copies = copies(parts);
        PairwiseSum.reduce(parts.size(), 0, (target, addend) -> copies.get(target).addi(copies.get(addend)));
        return copies.get(0);
    }
}
