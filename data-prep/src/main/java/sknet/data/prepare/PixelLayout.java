package sknet.data.prepare;

import java.awt.image.BufferedImage;
import java.io.Serializable;

/** How pixels lie in a record. */
sealed interface PixelLayout extends Serializable permits GreyPixels, RgbPlanes {

    /** The image that a record's bytes are. */
    BufferedImage image(byte[] pixels);
}
