package sknet.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import sknet.sync.MessageHeader;
import sknet.sync.PeerInbox;
import sknet.sync.PeerLink;

/** Writes messages of the all-reduce to a connection, from the memory that they are in; or only headers, if payloads can be put into the peer's inbox. */
final class FrameSender extends ChannelInboundHandlerAdapter implements PeerLink {
    private final Channel channel;
    private final Optional<PeerInbox> inbox;
    private final Runnable closed;
    /** Known to the channel's own thread. */
    private ChannelHandlerContext context;

    /**
     * @param inbox  the peer's, if it is on this host
     * @param closed called when the peer has closed the connection
     */
    FrameSender(Channel channel, Optional<PeerInbox> inbox, Runnable closed) {
        this.channel = channel;
        this.inbox = inbox;
        this.closed = closed;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public CompletableFuture<Void> send(MessageHeader header, ByteBuffer payload) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        channel.eventLoop().execute(() -> write(header, payload, done));
        return done;
    }

    private void write(MessageHeader header, ByteBuffer payload, CompletableFuture<Void> done) {
        ByteBuf encoded = context.alloc().buffer(MessageHeader.BYTES);
        header.writeTo(encoded.internalNioBuffer(0, MessageHeader.BYTES));
        inbox.ifPresent(peer -> peer.put(header, payload.duplicate()));
        context.write(encoded.writerIndex(MessageHeader.BYTES));
        context.writeAndFlush(inbox.isPresent() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(payload)).addListener(written -> {
            if (written.isSuccess()) {
                done.complete(null);
            } else {
                done.completeExceptionally(written.cause());
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        closed.run();
        inactive.fireChannelInactive();
    }
}
