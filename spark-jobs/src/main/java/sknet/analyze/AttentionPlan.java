package sknet.analyze;

import java.io.Serializable;
import java.util.List;
import sknet.checkpoint.WeightKind;
import sknet.data.image.ResizeCentreCrop;
import sknet.model.SelectiveUnit;

/**
 * What to analyze.
 *
 * @param dataset    the prepared data set's URI; its validation split is used
 * @param transform  that of the evaluation
 * @param scales     how many times larger than there the central object is shown, rising; 1 is the evaluation's own view
 * @param units      the network's
 * @param weights    which of the checkpoint's
 * @param images     so many of the split's, the first ones: {@code prepare} has shuffled them
 * @param examples   so many of these are shown one by one
 * @param batchSize  images a forward pass
 * @param cacheBytes memory a task may use to keep shards
 */
public record AttentionPlan(String dataset, ResizeCentreCrop transform, List<Double> scales, List<SelectiveUnit> units, WeightKind weights,
                            int images, int examples, int batchSize, long cacheBytes) implements Serializable {

    /** @throws IllegalArgumentException if scales do not rise from 1 or more, or there are too few images */
    public AttentionPlan {
        scales = List.copyOf(scales);
        units = List.copyOf(units);
        if (scales.isEmpty() || !scales.equals(scales.stream().sorted().distinct().toList())) {
            throw new IllegalArgumentException("Cannot analyze attention: scales are " + scales + " (expected different ones, the smallest first)");
        }
        if (images < 1 || examples < 0 || examples > images) {
            throw new IllegalArgumentException("Cannot analyze attention: " + images + " images, " + examples
                + " of them shown (expected at least 1, and no more shown)");
        }
        scales.forEach(transform::enlarged);
    }
}
