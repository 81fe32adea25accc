package sknet.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
        INDArray oneByOne = Nd4j.create(DataType.FLOAT, 1000);
        accumulate(parts).drainTo(oneByOne);
        assertSameBits(PairwiseSum.inPlace(copies(parts)), oneByOne, count + " parts");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void workersWithTwoOrFourPartsEachGiveTheBitsOfOneWorkerWithAll(int workers) {
        for (int each : new int[] {1, 2, 4}) {
            List<INDArray> parts = randomParts(workers * each);
            List<INDArray> byWorker = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                INDArray sum = Nd4j.create(DataType.FLOAT, 1000);
                accumulate(parts.subList(worker * each, (worker + 1) * each)).drainTo(sum);
                byWorker.add(sum);
            }
            INDArray single = Nd4j.create(DataType.FLOAT, 1000);
            accumulate(parts).drainTo(single);
            assertSameBits(single, PairwiseSum.inPlace(byWorker), workers + " workers with " + each + " parts each");
        }
    }

    @Test
    void theOrderMattersInFloatArithmetic() {
        List<INDArray> parts = randomParts(8);
        INDArray leftToRight = Nd4j.create(DataType.FLOAT, 1000);
        parts.forEach(leftToRight::addi);
        assertFalse(Arrays.equals(leftToRight.toFloatVector(), PairwiseSum.inPlace(copies(parts)).toFloatVector()),
            "else the tests above could not fail");
    }

    @Test
    void drainingStartsOver() {
        PairwiseSum sum = accumulate(randomParts(3));
        INDArray target = Nd4j.create(DataType.FLOAT, 1000);
        sum.drainTo(target);
        INDArray part = randomParts(1).get(0);
        sum.add(part);
        sum.drainTo(target);
        assertSameBits(part, target, "one part");
        assertEquals("Cannot sum: no part was added",
            assertThrows(IllegalStateException.class, () -> sum.drainTo(target)).getMessage());
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

    private static PairwiseSum accumulate(List<INDArray> parts) {
        PairwiseSum sum = new PairwiseSum();
        parts.forEach(sum::add);
        return sum;
    }
}
