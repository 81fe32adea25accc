package sknet.sync;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The way to one peer. */
@FunctionalInterface
public interface PeerLink {

    /**
     * Sends one message, behind all that were sent before; the peer's transport puts the payload where {@link DirectAllReduce#place} says and then
     * calls {@link DirectAllReduce#arrived}.
     *
     * @param payload unchanged until the returned future completes
     * @return completes when the payload's memory is free again, exceptionally if the peer is lost
     */
    CompletableFuture<Void> send(MessageHeader header, ByteBuffer payload);
}
