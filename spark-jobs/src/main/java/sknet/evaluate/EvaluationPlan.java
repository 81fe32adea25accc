package sknet.evaluate;

import java.io.Serializable;
import java.util.List;
import sknet.checkpoint.WeightKind;
import sknet.data.image.ResizeCentreCrop;

/**
 * How to evaluate.
 *
 * @param dataset    the prepared data set's URI; its validation split is used
 * @param crops      resize and centre crop of each size, at least one; an image is read once for all of them
 * @param weights    which of the checkpoint's
 * @param batchSize  images a forward pass
 * @param threads    that decode images in a task; 0 for as many as it has cores
 * @param cacheBytes memory a task may use to keep shards
 */
public record EvaluationPlan(String dataset, List<ResizeCentreCrop> crops, WeightKind weights, int batchSize, int threads,
                             long cacheBytes) implements Serializable {

    public EvaluationPlan {
        crops = List.copyOf(crops);
        if (crops.isEmpty()) {
            throw new IllegalArgumentException("Cannot evaluate: there is no crop (expected at least one)");
        }
    }
}
