package sknet.data.image;

/**
 * What a batch is to hold.
 *
 * @param epoch    the epoch, counted from 0
 * @param ordinals numbers of its images in the split, in order; may be empty
 */
public record BatchRequest(int epoch, int[] ordinals) {
}
