package sknet.data.image;

import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * Notices that a JPEG ended early: the JDK's decoder fills the rest with grey and only warns. Its other warnings, such as bytes
 * between segments, leave the picture intact and are passed over.
 */
final class Truncation implements IIOReadWarningListener {
    private boolean found;

    boolean found() {
        return found;
    }

    @Override
    public void warningOccurred(ImageReader source, String warning) {
        found |= warning.contains("Truncated") || warning.contains("Premature end");
    }
}
