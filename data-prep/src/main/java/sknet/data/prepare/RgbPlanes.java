package sknet.data.prepare;

import java.awt.image.BufferedImage;

/** A plane of red, one of green, one of blue, each in rows from the top. */
record RgbPlanes(int width, int height) implements PixelLayout {
    @Override
    public BufferedImage image(byte[] pixels) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int plane = width * height;
        for (int i = 0; i < plane; i++) {
            int rgb = (pixels[i] & 0xFF) << 16 | (pixels[plane + i] & 0xFF) << 8 | pixels[2 * plane + i] & 0xFF;
            image.setRGB(i % width, i / width, rgb);
        }
        return image;
    }
}
