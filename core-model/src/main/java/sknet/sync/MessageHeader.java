package sknet.sync;

import java.nio.ByteBuffer;

/**
 * What a piece of a vector is, on the wire: {@value #BYTES} bytes before the payload.
 *
 * @param attempt the number of the run's attempt, so that what a dead attempt left in a socket is not taken for news
 * @param step    the number of the sum, from 0
 * @param phase   what the payload is
 * @param from    the sender's rank
 * @param offset  the first element in the vector that the payload holds
 */
public record MessageHeader(long attempt, long step, Phase phase, int from, int offset) {

    /** The encoded size in bytes. */
    public static final int BYTES = 2 * Long.BYTES + 3 * Integer.BYTES;

    /** The two halves of a sum. */
    public enum Phase {
        /** A part of the sender's vector, for the rank that owns this range. */
        SCATTER,
        /** The finished sum of a range that the sender owns. */
        GATHER
    }

    /** Writes the header at the buffer's position. */
    public void writeTo(ByteBuffer buffer) {
        buffer.putLong(attempt).putLong(step).putInt(phase.ordinal()).putInt(from).putInt(offset);
    }

    /**
     * Reads a header at the buffer's position.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static MessageHeader readFrom(ByteBuffer buffer) {
        if (buffer.remaining() < BYTES) {
            throw new IllegalArgumentException(
                "Cannot read message: it has " + buffer.remaining() + " bytes (expected at least " + BYTES + ")");
        }
        long attempt = buffer.getLong();
        long step = buffer.getLong();
        int phase = buffer.getInt();
        if (phase < 0 || phase >= Phase.values().length) {
            throw new IllegalArgumentException("Cannot read message: phase " + phase + " (expected 0 or 1)");
        }
        return new MessageHeader(attempt, step, Phase.values()[phase], buffer.getInt(), buffer.getInt());
    }
}
