package sknet.data.image;

/** A part of an image in whole pixels. */
public record Box(int x, int y, int width, int height) {
    static Box whole(int width, int height) {
        return new Box(0, 0, width, height);
    }
}
