package sknet.data.image;

/**
 * What a batch is to hold.
 *
 * @param epoch    the epoch, counted from 0
 * @param window   the epoch's window that it belongs to: the images of a window are read together, before its first batch
 * @param ordinals numbers of its images in the split, in order; may be empty
 */
public record BatchRequest(int epoch, int window, int[] ordinals) {
    /** Of an epoch that is one window. */
    public BatchRequest(int epoch, int[] ordinals) {
        this(epoch, 0, ordinals);
    }
}
