package sknet.evaluate;

import java.io.Serializable;
import sknet.checkpoint.WeightKind;
import sknet.data.image.ImageTransform;

/**
 * How to evaluate.
 *
 * @param dataset    the prepared data set's URI; its validation split is used
 * @param transform  resize and centre crop
 * @param imageSize  width and height after it, pixels
 * @param weights    which of the checkpoint's
 * @param batchSize  images a forward pass
 * @param cacheBytes memory a task may use to keep shards
 */
public record EvaluationPlan(String dataset, ImageTransform transform, int imageSize, WeightKind weights, int batchSize,
                             long cacheBytes) implements Serializable {
}
