package sknet.data.image.jpeg;

import java.util.Arrays;

/** A component in the course of decoding: how its blocks become samples, and its samples rows of the image. */
final class Channel {
    private static final int BLOCK_SIZE = 64;

    private final Plane plane = new Plane();
    private final Upsampling upsampling = new Upsampling();
    /** With room for a row more, which the transform may load. */
    private final int[] block = new int[BLOCK_SIZE + Frame.BLOCK];
    private Frame.Component component;
    private int blockSize;
    private InverseTransform transform;
    private int[] quantisation;
    private HuffmanTable dc;
    private HuffmanTable ac;
    private int prediction;

    /** Starts with an image. */
    void prepare(Frame.Component component, Frame frame, Scale scale, McuRange range, InverseTransforms transforms) {
        this.component = component;
        quantisation = null;
        int maxHorizontal = frame.maxHorizontal();
        int maxVertical = frame.maxVertical();
        int horizontal = maxHorizontal / component.horizontal() * scale.blockSize();
        int vertical = maxVertical / component.vertical() * scale.blockSize();
        blockSize = scale.blockSize();
        // What has a lower resolution is shrunk less instead of being shrunk and enlarged again, unless means alone are wanted.
        while (scale != Scale.EIGHTH && blockSize < Frame.BLOCK && horizontal % (2 * blockSize) == 0 && vertical % (2 * blockSize) == 0) {
            blockSize *= 2;
        }
        transform = transforms.of(blockSize);
        int width = Frame.ceil((long) frame.width() * component.horizontal() * blockSize, maxHorizontal * Frame.BLOCK);
        int height = Frame.ceil((long) frame.height() * component.vertical() * blockSize, maxVertical * Frame.BLOCK);
        int mcuWidth = component.horizontal() * blockSize;
        plane.prepare(width, height, range.firstColumn() * mcuWidth, (range.endColumn() - range.firstColumn()) * mcuWidth, mcuHeight());
        upsampling.prepare(horizontal / blockSize, vertical / blockSize, width, scale);
        Arrays.fill(block, 0);
    }

    void use(int[] factors, HuffmanTable dcTable, HuffmanTable acTable) {
        quantisation = factors;
        dc = dcTable;
        ac = acTable;
    }

    /** Takes a quantisation table unless there is one: the first scan's counts. */
    void latch(int[] factors) {
        quantisation = quantisation == null ? factors : quantisation;
    }

    /** At the start of a scan and behind each restart marker. */
    void restart() {
        prediction = 0;
    }

    /** The DC coefficient that differs so much from the one before. */
    int predict(int difference) {
        prediction += difference;
        return prediction;
    }

    /** Decodes the blocks of an MCU. */
    void decode(BitReader reader, int mcuRow, int mcuColumn) throws JpegException {
        for (int v = 0; v < component.vertical(); v++) {
            int row = (mcuRow * component.vertical() + v) * blockSize;
            for (int h = 0; h < component.horizontal(); h++) {
                int first = predict(reader.difference(dc));
                long seen = blockSize > 1 ? reader.coefficients(ac, quantisation, block) : reader.skipCoefficients(ac);
                block[0] = (short) first * quantisation[0];
                transform(seen, row, (mcuColumn * component.horizontal() + h) * blockSize);
            }
        }
    }

    /** Passes over the blocks of an MCU. */
    void skip(BitReader reader) throws JpegException {
        for (int i = component.horizontal() * component.vertical(); i > 0; i--) {
            predict(reader.difference(dc));
            reader.skipCoefficients(ac);
        }
    }

    /** Takes the blocks of an MCU from coefficients that are there. */
    void transform(Coefficients coefficients, int mcuRow, int mcuColumn) {
        for (int v = 0; v < component.vertical(); v++) {
            int row = mcuRow * component.vertical() + v;
            for (int h = 0; h < component.horizontal(); h++) {
                int column = mcuColumn * component.horizontal() + h;
                int start = coefficients.start(row, column);
                long seen = 0;
                for (int k = 0; k < BLOCK_SIZE; k++) {
                    int place = Zigzag.natural()[k];
                    int value = coefficients.values()[start + place];
                    if (value != 0) {
                        block[place] = value * quantisation[k];
                        seen |= 1L << place;
                    }
                }
                transform(seen | 1, row * blockSize, column * blockSize);
                block[0] = 0;
            }
        }
    }

    /** Samples are final up to the end of a row of MCUs. */
    void finishRow(int mcuRow) {
        plane.extend(mcuRow * mcuHeight(), mcuHeight());
    }

    boolean needsNeighbours() {
        return upsampling.needsNeighbours();
    }

    byte[] samples() {
        return upsampling.samples(plane);
    }

    /** Makes a part of a row of the image; see {@link Upsampling#select}. */
    int select(int y, int left, int right) {
        return upsampling.select(plane, y, left, right);
    }

    private int mcuHeight() {
        return component.vertical() * blockSize;
    }

    private void transform(long seen, int row, int column) {
        transform.transform(block, seen, plane.samples(), plane.index(row, column), plane.stride());
        if (blockSize > 1 && (seen & ~1L) != 0) {
            Arrays.fill(block, 0, BLOCK_SIZE, 0);
        }
    }
}
