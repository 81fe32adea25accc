package sknet.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import sknet.sync.MessageHeader;
import sknet.sync.PeerLink;

/**
 * A link of a network with a higher latency: every message sets out so much later, in its order.
 *
 * @param clock of one thread
 */
record DelayedLink(PeerLink link, Duration delay, ScheduledExecutorService clock) implements PeerLink {

    @Override
    public CompletableFuture<Void> send(MessageHeader header, ByteBuffer payload) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        clock.schedule(() -> link.send(header, payload).whenComplete((sent, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        }), delay.toNanos(), TimeUnit.NANOSECONDS);
        return done;
    }
}
