package sknet.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.function.Supplier;

/** Where Netty reads the next bytes of one connection to: a pool's buffer, until somebody names a better place. */
final class ReadPlaces extends DefaultMaxMessagesRecvByteBufAllocator {
    /** What is read at once stays in the core's cache until it is in its place. */
    private static final int POOLED_BYTES = 1 << 18;

    private Supplier<ByteBuf> places;

    /** For a connection of which nothing was read yet: Netty asks once. */
    static void prepare(Channel channel) {
        channel.config().setRecvByteBufAllocator(new ReadPlaces());
    }

    /** From now on the bytes of a connection go where the supplier says; to be called on the connection's own thread. */
    static void set(Channel channel, Supplier<ByteBuf> places) {
        channel.config().<ReadPlaces>getRecvByteBufAllocator().places = places;
    }

    @Override
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return places == null ? allocator.ioBuffer(POOLED_BYTES) : places.get();
            }

            @Override
            public int guess() {
                return POOLED_BYTES;
            }
        };
    }
}
