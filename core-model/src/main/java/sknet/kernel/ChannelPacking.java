package sknet.kernel;

/**
 * How fast CPU kernels pack maps {@code [N, C, H, W]}: {@code block} channels of a pixel side by side, then its neighbour's ({@code [N, C / block, H,
 * W, block]}) where that leaves no channel over, else all of its channels ({@code [N, H, W, C]}).
 *
 * @param block channels
 */
public record ChannelPacking(int block) {

    /** How many channels of a pixel lie side by side. */
    public int sideBySide(int channels) {
        return channels % block == 0 ? block : channels;
    }
}
