package sknet.data.image;

/** A part of an image in whole pixels. */
record Box(int x, int y, int width, int height) {
    static Box whole(RgbImage image) {
        return new Box(0, 0, image.width(), image.height());
    }
}
