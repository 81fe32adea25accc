package sknet.sync;

import java.nio.ByteBuffer;

/** A vector as the all-reduce sends it. Ranges are of the vector's elements. */
sealed interface Wire permits FloatWire, HalfWire {

    /** Bytes an element takes on its way. */
    int width();

    /** This rank's part of a range that another rank owns, to be sent to it. */
    ByteBuffer part(int start, int end);

    /** Where the sum of a range that another rank owns arrives. */
    ByteBuffer place(int start, int end);

    /** Takes over the sum that has arrived there. */
    void take(int start, int end);

    /**
     * Adds up a range that this rank owns, in rank order by {@link PairwiseSum}'s tree.
     *
     * @param parts the other ranks', as they were sent; the entry of this rank is not used; they are spoilt
     * @return the sum, to be sent to the other ranks
     */
    ByteBuffer reduce(int start, int end, int rank, ByteBuffer[] parts);
}
