package sknet.sync;

import java.io.IOException;

/** Sums one vector over all ranks, in place, once a step. The vector is bound when the instance is made. */
public interface AllReduce {

    /** This replica's number, 0 to {@code ranks() - 1}. */
    int rank();

    /** How many replicas take part. */
    int ranks();

    /**
     * Replaces the bound vector by its sum over all ranks. Every rank gets the same bits: the parts are added in rank order
     * by the tree of {@link PairwiseSum}.
     *
     * @throws IOException if a peer is lost, or does not answer within the time-out
     */
    void sum() throws IOException, InterruptedException;
}
