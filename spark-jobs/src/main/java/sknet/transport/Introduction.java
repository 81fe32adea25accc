package sknet.transport;

import java.nio.ByteBuffer;

/**
 * The first message of a replica that connects to another.
 *
 * @param attempt number of the run's attempt: what a dead attempt left behind is not taken for a replica of this one
 * @param rank    of the sender
 * @param shares  whether it puts payloads into the receiver's memory itself, and only headers come
 */
record Introduction(long attempt, int rank, boolean shares) {
    private static final int BYTES = Long.BYTES + Integer.BYTES + 1;

    ByteBuffer encoded() {
        return ByteBuffer.allocate(BYTES).putLong(attempt).putInt(rank).put((byte) (shares ? 1 : 0)).flip();
    }

    /** @throws IllegalArgumentException if the message is none */
    static Introduction decode(ByteBuffer message) {
        if (message.remaining() != BYTES) {
            throw new IllegalArgumentException("Cannot read introduction: it has " + message.remaining() + " bytes (expected " + BYTES + ")");
        }
        return new Introduction(message.getLong(), message.getInt(), message.get() != 0);
    }
}
