package sknet.data.image;

/**
 * The square that a transform cuts out: a box of the image is thought of as resized, and the window lies somewhere over it.
 * Where it reaches beyond the resized box it shows the mean, that is zero.
 *
 * @param scaledWidth  width the box is resized to
 * @param scaledHeight height the box is resized to
 * @param left         window's left edge over the resized box; may be negative
 * @param top          window's upper edge
 * @param size         window's height and width
 */
public record Window(Box box, int scaledWidth, int scaledHeight, int left, int top, int size, Mirror mirror) {

    /** By how much the box may be shrunk in both directions before it is resized. */
    double shrinkage() {
        return Math.min((double) box.width() / scaledWidth, (double) box.height() / scaledHeight);
    }

    /** Which samples of an image that was shrunk by so much each column is made of. */
    Axis columns(int factor) {
        Axis axis = Axis.of((double) box.x() / factor, (double) box.width() / factor, scaledWidth, left, size);
        return mirror == Mirror.FLIPPED ? axis.reversed() : axis;
    }

    Axis rows(int factor) {
        return Axis.of((double) box.y() / factor, (double) box.height() / factor, scaledHeight, top, size);
    }
}
