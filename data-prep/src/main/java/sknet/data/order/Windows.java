package sknet.data.order;

/**
 * How a {@link WindowedOrder} shares a split among the micro-batches of a step.
 *
 * @param lanes     micro-batches a step, at least 1: each has a lane of its own through the shards
 * @param laneBatch images a micro-batch, at least 1
 * @param steps     steps that a window lasts, at least 1
 */
public record Windows(int lanes, int laneBatch, int steps) {
    public Windows {
        if (lanes < 1 || laneBatch < 1 || steps < 1) {
            throw new IllegalArgumentException("Cannot shuffle in windows: " + lanes + " lanes, " + laneBatch + " samples and " + steps
                    + " steps (expected 1 or more of each)");
        }
    }

    /**
     * Windows of whole steps.
     *
     * @param samples how many samples the windows of all lanes hold together, rounded down to whole steps but at least one step
     */
    public static Windows of(int lanes, int laneBatch, int samples) {
        return new Windows(lanes, laneBatch, Math.max(1, samples / Math.multiplyExact(lanes, laneBatch)));
    }

    /** Samples a step, over all lanes. */
    int batch() {
        return Math.multiplyExact(lanes, laneBatch);
    }

    /** Samples of one lane's window. */
    int laneWindow() {
        return Math.multiplyExact(laneBatch, steps);
    }
}
