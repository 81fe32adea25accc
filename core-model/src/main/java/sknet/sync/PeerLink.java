package sknet.sync;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The way to one peer. */
@FunctionalInterface
public interface PeerLink {

    /**
     * Sends one message, which the peer hands to its {@link DirectAllReduce#accept}.
     *
     * @param payload float32 in the byte order of this processor; unchanged until the returned future completes
     * @return completes when the peer has taken the payload, exceptionally if it is lost
     */
    CompletableFuture<Void> send(MessageHeader header, ByteBuffer payload);
}
