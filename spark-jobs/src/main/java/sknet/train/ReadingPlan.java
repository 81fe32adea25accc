package sknet.train;

import java.io.Serializable;
import sknet.data.image.OnCorrupt;

/**
 * How a replica reads its images.
 *
 * @param shuffleWindow samples among which the order of an epoch is shuffled, over all micro-batches of a step; 0 for the whole split
 * @param cacheBytes    memory an executor may use to keep shards of a split that is shuffled whole
 * @param threads       that decode; 0 for as many as the task has cores
 * @param onCorrupt     what becomes of corrupt records
 */
public record ReadingPlan(int shuffleWindow, long cacheBytes, int threads, OnCorrupt onCorrupt) implements Serializable {

    /** The order's name in the provenance: a run resumes only in the same order. */
    public String orderName() {
        return shuffleWindow == 0 ? WHOLE : "windows of " + shuffleWindow;
    }

    /** The name of the order that checkpoints were trained with that do not name any. */
    static final String WHOLE = "whole";
}
