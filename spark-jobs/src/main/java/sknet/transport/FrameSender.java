package sknet.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import sknet.sync.MessageHeader;
import sknet.sync.PeerLink;

/** Writes messages of the all-reduce to a connection, from the memory that they are in. */
final class FrameSender extends ChannelInboundHandlerAdapter implements PeerLink {
    private final Channel channel;
    private final Runnable closed;
    /** Known to the channel's own thread. */
    private ChannelHandlerContext context;

    /** @param closed called when the peer has closed the connection */
    FrameSender(Channel channel, Runnable closed) {
        this.channel = channel;
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
        context.write(encoded.writerIndex(MessageHeader.BYTES));
        context.writeAndFlush(Unpooled.wrappedBuffer(payload)).addListener(written -> {
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
