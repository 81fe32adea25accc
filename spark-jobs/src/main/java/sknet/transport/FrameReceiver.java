package sknet.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import sknet.sync.DirectAllReduce;
import sknet.sync.MessageHeader;

/**
 * Reads one peer's messages from its connection and puts their payloads in their places: where nothing has to be deciphered, Netty reads them from the
 * socket right there. Of a peer that shares memory only headers come: their payloads are in this rank's inbox.
 */
final class FrameReceiver extends ChannelInboundHandlerAdapter {
    private final int peer;
    private final boolean shares;
    private final DirectAllReduce allReduce;
    private final Runnable closed;
    private final ByteBuffer encodedHeader = ByteBuffer.allocateDirect(MessageHeader.BYTES);
    /** Of the message that is arriving; none while its header is. */
    private MessageHeader header;
    /** The rest of what is arriving: of the header's memory, or the payload's. */
    private ByteBuffer place = encodedHeader;
    /** A view of that rest, into which Netty is reading. */
    private ByteBuf view;

    /** @param closed called when the peer has closed the connection */
    FrameReceiver(Introduction peer, DirectAllReduce allReduce, Runnable closed) {
        this.peer = peer.rank();
        this.shares = peer.shares();
        this.allReduce = allReduce;
        this.closed = closed;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        boolean plain = context.pipeline().firstContext() == context;
        if (plain) {
            ReadPlaces.set(context.channel(), this::nextView);
        }
    }

    private ByteBuf nextView() {
        view = Unpooled.wrappedBuffer(place).clear();
        return view;
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (bytes == view) {
                place.position(place.position() + bytes.readableBytes());
                filled();
            } else {
                while (bytes.isReadable()) {
                    copy(bytes);
                    filled();
                }
            }
        } finally {
            bytes.release();
        }
    }

    private void copy(ByteBuf bytes) {
        int limit = place.limit();
        bytes.readBytes(place.limit(place.position() + Math.min(place.remaining(), bytes.readableBytes())));
        place.limit(limit);
    }

    /** Goes on to the payload, or to the next message, when what was arriving is whole. */
    private void filled() {
        if (header == null && !place.hasRemaining()) {
            MessageHeader next = MessageHeader.readFrom(encodedHeader.flip());
            if (shares) {
                place = encodedHeader.clear();
                allReduce.collect(peer, next);
                allReduce.arrived(peer, next);
            } else {
                header = next;
                place = allReduce.place(peer, header);
            }
        }
        if (header != null && !place.hasRemaining()) {
            MessageHeader whole = header;
            header = null;
            place = encodedHeader.clear();
            allReduce.arrived(peer, whole);
        }
    }

    /** What comes now can no longer be understood, or be added: the peer must not go on as if it were. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        allReduce.fail(new IOException("the messages of rank " + peer + " cannot be taken: " + cause.getMessage(), cause));
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed.run();
        context.fireChannelInactive();
    }
}
