package sknet.kernel.vector;

import sknet.kernel.ChannelPacking;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;

/**
 * Where values lie in maps, packed or, with few channels, plain.
 *
 * @param shape      of the maps
 * @param sideBySide channels that lie side by side; divides their number
 */
record PackedMaps(ChannelShape shape, int sideBySide) {

    static PackedMaps of(ChannelShape shape, ChannelPacking packing) {
        boolean plain = shape.channels() < Kernels.PACKED_CHANNELS;
        return new PackedMaps(shape, plain ? 1 : packing.sideBySide(shape.channels()));
    }

    /** The place of a channel's first pixel. */
    int first(int image, int channel) {
        return (image * shape.channels() + channel - channel % sideBySide) * shape.pixels() + channel % sideBySide;
    }

    /** How many channels from this one on lie side by side with it. */
    int left(int channel) {
        return sideBySide - channel % sideBySide;
    }
}
