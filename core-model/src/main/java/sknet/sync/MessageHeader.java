package sknet.sync;

import java.nio.ByteBuffer;

/**
 * What a piece of a vector is, on the wire: {@value #BYTES} bytes before the payload.
 *
 * @param step   the number of the sum, from 0
 * @param phase  what the payload is
 * @param bucket the part of the vector it belongs to
 * @param word   the sender's word
 * @param bytes  of the payload
 */
public record MessageHeader(long step, Phase phase, int bucket, int word, int bytes) {

    /** The encoded size in bytes. */
    public static final int BYTES = Long.BYTES + 4 * Integer.BYTES;

    /** The two halves of a sum. */
    public enum Phase {
        /** A part of the sender's vector, for the rank that owns this range. */
        SCATTER,
        /** The finished sum of a range that the sender owns. */
        GATHER
    }

    /** Writes the header at the buffer's position. */
    public void writeTo(ByteBuffer buffer) {
        buffer.putLong(step).putInt(phase.ordinal()).putInt(bucket).putInt(word).putInt(bytes);
    }

    /**
     * Reads a header at the buffer's position, where there are at least {@value #BYTES} bytes.
     *
     * @throws IllegalArgumentException if they are none
     */
    public static MessageHeader readFrom(ByteBuffer buffer) {
        long step = buffer.getLong();
        int phase = buffer.getInt();
        if (phase < 0 || phase >= Phase.values().length) {
            throw new IllegalArgumentException("Cannot read message: phase " + phase + " (expected 0 or 1)");
        }
        return new MessageHeader(step, Phase.values()[phase], buffer.getInt(), buffer.getInt(), buffer.getInt());
    }
}
