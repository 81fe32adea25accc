package sknet.evaluate;

/**
 * Counted errors.
 *
 * @param images     images seen
 * @param top1Errors images whose class is not the most probable one
 * @param top5Errors images whose class is not among the five most probable ones
 */
public record Tally(int images, int top1Errors, int top5Errors) {

    /** Percent. */
    public double top1Error() {
        return 100.0 * top1Errors / images;
    }

    /** Percent. */
    public double top5Error() {
        return 100.0 * top5Errors / images;
    }
}
