package sknet.sync;

import java.nio.ByteBuffer;

/** The inbox of a peer on this host, in {@link SharedMemory}: messages are put into it, and only their headers travel. */
public final class PeerInbox {
    private final InboxLayout layout;
    private final int from;
    private final ByteBuffer memory;

    PeerInbox(InboxLayout layout, int from, ByteBuffer memory) {
        this.layout = layout;
        this.from = from;
        this.memory = memory;
    }

    /** Puts a message's payload where the peer looks for it once it has the header. */
    public void put(MessageHeader header, ByteBuffer payload) {
        ByteBuffer place = switch (header.phase()) {
            case SCATTER -> layout.part(memory, from, header.bucket());
            case GATHER -> layout.sum(memory, from, header.bucket());
        };
        place.put(payload);
    }
}
