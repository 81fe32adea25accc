package sknet.sync;

import java.io.IOException;

/**
 * Sums one vector over all ranks, in place, once a step. The vector is bound when the instance is made.
 *
 * <p>A step is any number of calls of {@link #ready}, as the vector becomes final from its end towards its beginning, and one of {@link #finish}.
 */
public interface AllReduce {

    /** This replica's number, 0 to {@code ranks() - 1}. */
    int rank();

    /** How many replicas take part. */
    int ranks();

    /**
     * Says that the elements from {@code start} on hold this rank's part of the present sum, and belong to the all-reduce until
     * {@link #finish} returns. Does not wait: what is ready travels while the rest is computed.
     */
    void ready(long start);

    /**
     * Says that the whole vector is ready, and waits until it holds the sum over all ranks. Every rank gets the same bits: the parts are added in
     * rank order by the tree of {@link PairwiseSum}.
     *
     * @param word this rank's word to the others
     * @return the word of rank 0
     * @throws IOException if a peer is lost, or does not answer within the time-out
     */
    int finish(int word) throws IOException, InterruptedException;
}
