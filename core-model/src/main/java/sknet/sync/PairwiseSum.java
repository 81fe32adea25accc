package sknet.sync;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

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

    /** Adds one part. The part is copied, so its memory may be used again at once. */
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
     * Writes the sum of all parts added since the last call into {@code target} and starts over.
     *
     * @throws IllegalStateException if no part was added
     */
    public void drainTo(INDArray target) {
        if (count == 0) {
            throw new IllegalStateException("Cannot sum: no part was added");
        }
        int height = Integer.numberOfTrailingZeros(count);
        INDArray sum = levels.get(height);
        for (height++; count >> height != 0; height++) {
            if ((count >> height & 1) == 1) {
                sum = levels.get(height).addi(sum);
            }
        }
        target.assign(sum);
        count = 0;
    }

    /** Adds {@code parts} in place, in their order, and returns the one that now holds the sum; the others are spoilt. */
    static INDArray inPlace(List<INDArray> parts) {
        int count = parts.size();
        if (count == 1) {
            return parts.get(0);
        }
        int split = Integer.highestOneBit(count - 1);
        INDArray first = inPlace(parts.subList(0, split));
        return first.addi(inPlace(parts.subList(split, count)));
    }
}
