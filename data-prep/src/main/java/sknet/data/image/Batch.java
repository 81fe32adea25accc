package sknet.data.image;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * A batch that is ready. It is lent: its buffers are filled anew after the following {@link Prefetcher#next}.
 *
 * @param request what was asked for
 * @param views   a buffer for each of the reader's views of the images: [count, 3, size, size] float32 in R, G, B order; direct, native
 *                byte order, from position 0 to its limit
 * @param labels  the images' labels; may be longer than {@code count}
 * @param count   number of images
 * @param corrupt the records that were asked for and that others took the place of
 */
public record Batch(BatchRequest request, List<FloatBuffer> views, int[] labels, int count, List<CorruptRecord> corrupt) {

    /** The first view, which is the only one in training. */
    public FloatBuffer images() {
        return views.get(0);
    }
}
