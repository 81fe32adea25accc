package sknet.data.prepare;

import java.awt.image.BufferedImage;

/** One byte a pixel, in rows from the top. */
record GreyPixels(int width, int height) implements PixelLayout {
    @Override
    public BufferedImage image(byte[] pixels) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, width, height, pixels);
        return image;
    }
}
