package sknet.data.prepare;

import java.io.Serializable;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sknet.data.image.ImageSurvey;
import sknet.data.shard.ImageSizes;

/**
 * How many images have which width and which height; exact, whatever the order of summation.
 *
 * @param widths  number of images by width in pixels
 * @param heights number of images by height in pixels
 */
record SizeCounts(SortedMap<Integer, Long> widths, SortedMap<Integer, Long> heights) implements Serializable {
    SizeCounts {
        widths = new TreeMap<>(widths);
        heights = new TreeMap<>(heights);
    }

    SizeCounts() {
        this(new TreeMap<>(), new TreeMap<>());
    }

    /** Counts one more image. */
    void add(ImageSurvey image) {
        widths.merge(image.width(), 1L, Long::sum);
        heights.merge(image.height(), 1L, Long::sum);
    }

    SizeCounts plus(SizeCounts other) {
        SizeCounts sum = new SizeCounts(widths, heights);
        other.widths.forEach((width, count) -> sum.widths.merge(width, count, Long::sum));
        other.heights.forEach((height, count) -> sum.heights.merge(height, count, Long::sum));
        return sum;
    }

    /** For at least one image. */
    ImageSizes summary() {
        return new ImageSizes(range(widths), range(heights));
    }

    private static ImageSizes.Range range(SortedMap<Integer, Long> counts) {
        long half = (counts.values().stream().mapToLong(Long::longValue).sum() + 1) / 2;
        int median = counts.firstKey();
        for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
            if (half <= 0) {
                break;
            }
            median = entry.getKey();
            half -= entry.getValue();
        }
        return new ImageSizes.Range(counts.firstKey(), median, counts.lastKey());
    }
}
