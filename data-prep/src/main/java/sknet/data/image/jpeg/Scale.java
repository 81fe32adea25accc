package sknet.data.image.jpeg;

/** By how much an image is shrunk while it is decoded: blocks of 8x8 samples become smaller ones of their low frequencies. */
public enum Scale {
    FULL(8), HALF(4), QUARTER(2),
    /** The mean of each block, its DC coefficient; all others are passed over. */
    EIGHTH(1);

    private final int blockSize;

    Scale(int blockSize) {
        this.blockSize = blockSize;
    }

    /** Samples of the full image for each one, in each direction: 1, 2, 4 or 8. */
    public int factor() {
        return Frame.BLOCK / blockSize;
    }

    /** A length in samples of the scaled image; a part of a sample counts as one. */
    public int length(int full) {
        return (full + factor() - 1) / factor();
    }

    int blockSize() {
        return blockSize;
    }
}
