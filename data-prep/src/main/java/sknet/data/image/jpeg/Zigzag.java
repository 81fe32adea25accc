package sknet.data.image.jpeg;

/** The order of coefficients in a file. */
final class Zigzag {
    /** By place in the file: row times 8 plus column. A run may lead past the end; what is there is the last one's. */
    private static final byte[] NATURAL = new byte[Frame.BLOCK * Frame.BLOCK + 16];

    static {
        int row = 0;
        int column = 0;
        for (int i = 0; i < 64; i++) {
            NATURAL[i] = (byte) (row * Frame.BLOCK + column);
            boolean up = (row + column) % 2 == 0;
            if (up && column == 7 || !up && row < 7) {
                row++;
                column -= up ? 0 : column > 0 ? 1 : 0;
            } else {
                column++;
                row -= up && row > 0 ? 1 : 0;
            }
        }
        for (int i = 64; i < NATURAL.length; i++) {
            NATURAL[i] = 63;
        }
    }

    private Zigzag() {
    }

    static byte[] natural() {
        return NATURAL;
    }
}
