package sknet.sync;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The one order in which gradients are added, on one worker and across workers.
 *
 * <p>The sum of n parts is the sum of the first p parts plus the sum of the others, where p is the largest power of two
 * below n. A worker that adds its own 2^k neighbouring micro-batches this way has computed a whole subtree of the sum over
 * all micro-batches; so N workers with 2^k micro-batches each give the same bits as one worker that accumulates all of
 * them. (With a number of micro-batches a worker that is no power of two the result is still the same in every run of that
 * layout, but may differ in the last bit from another layout's.)
 */
public final class PairwiseSum {

    /** Buffers by height in the tree: {@code levels[h]} holds a sum of 2^h parts when bit h of {@link #count} is set. */
    private final List<INDArray> levels = new ArrayList<>();
    private int count;

    /** Adds one part, but for the last: that is {@link #completeIn}. The part is copied, so its memory may be used again at once. */
    public void add(INDArray part) {
        int height = 0;
        INDArray carry = part;
        for (; (count >> height & 1) == 1; height++) {
            INDArray older = levels.get(height);
            older.addi(carry);
            carry = older;
        }
        store(height, carry);
        count++;
    }

    private void store(int height, INDArray sum) {
        if (height == levels.size()) {
            levels.add(sum.ulike().detach());
        }
        levels.get(height).assign(sum);
    }

    /**
     * Adds the other parts to the last one, from {@code start} to {@code end}: an elementwise sum can be completed range by range, as the last part
     * becomes known.
     *
     * @param last a vector, which holds the last part in the range, and then the sum
     */
    public void completeIn(INDArray last, long start, long end) {
        for (int height = 0; count >> height != 0; height++) {
            if ((count >> height & 1) == 1) {
                last.get(NDArrayIndex.interval(start, end)).addi(flat(levels.get(height)).get(NDArrayIndex.interval(start, end)));
            }
        }
    }

    private static INDArray flat(INDArray array) {
        return array.reshape(array.length());
    }

    /** Forgets all parts. */
    public void reset() {
        count = 0;
    }

    /** Adds one part to another, by their numbers. */
    @FunctionalInterface
    interface Addition {
        void add(int target, int addend);
    }

    /** Adds {@code parts} parts in place, in their order, into the one with the number {@code kept}; all others are spoilt. */
    static void reduce(int parts, int kept, Addition addition) {
        reduce(0, parts, kept, addition);
    }

    /** Returns the number of the part that holds the sum: the kept one, if it is among them. */
    private static int reduce(int from, int to, int kept, Addition addition) {
        if (to - from == 1) {
            return from;
        }
        int split = from + Integer.highestOneBit(to - from - 1);
        int first = reduce(from, split, kept, addition);
        int second = reduce(split, to, kept, addition);
        // A sum of two has the same bits either way.
        int target = second == kept ? second : first;
        addition.add(target, target == first ? second : first);
        return target;
    }
}
