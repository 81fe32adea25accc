package sknet.kernel.nd4j;

import sknet.kernel.ConvolutionShape;

/**
 * How maps lie in one flat buffer so that every tap of a convolution is a constant shift of the whole buffer.
 *
 * <p>Each channel of each image is a plane of {@code rows * columns} values with the map in its upper left corner and zeros
 * elsewhere. The zeros to the right of a row are also the padding to the left of the next, those below a plane also the padding
 * above the next; slack before and after the buffer serves the first and the last plane. Input and (stride 1) output share the
 * geometry.
 *
 * @param rows    rows of a plane
 * @param columns columns of a plane
 * @param slack   zeros before and after all planes
 */
record PlaneGeometry(int rows, int columns, int slack) {

    static PlaneGeometry of(ConvolutionShape shape) {
        int before = shape.paddingHeight();
        int after = shape.reach() - before;
        int rows = Math.max(shape.height() + before, shape.denseHeight() + after);
        int columns = Math.max(shape.width() + before, shape.denseWidth() + after);
        return new PlaneGeometry(rows, columns, shape.reach() * (columns + 1));
    }

    int plane() {
        return rows * columns;
    }
}
