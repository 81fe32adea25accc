package sknet.data.image.jpeg;

/** A part of an image in whole pixels, which lies within the image. */
public record Region(int x, int y, int width, int height) {

    /** All of an image. */
    public static Region whole(int width, int height) {
        return new Region(0, 0, width, height);
    }

    int right() {
        return x + width;
    }

    int bottom() {
        return y + height;
    }
}
