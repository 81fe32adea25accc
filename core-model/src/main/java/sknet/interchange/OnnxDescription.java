package sknet.interchange;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an ONNX file says of its network beside the arithmetic.
 *
 * @param model       as in the catalogue
 * @param imageSize   rows and columns of the images
 * @param version     of the program that writes the file
 * @param channelMean of R, G and B in 0..255, which is subtracted from every pixel; empty where nobody knows it
 * @param facts       whatever else is to be told, by name
 */
public record OnnxDescription(String model, int imageSize, String version, Optional<List<Double>> channelMean, Map<String, String> facts) {
    private static final String UNKNOWN_MEAN = "the mean of R, G and B over all pixels of the training images, which this file does not know";

    /** Sorts a copy of the facts: the same network gives the same bytes. */
    public OnnxDescription {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }

    /** The file's metadata. */
    Map<String, String> metadata(long classes) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("model", model);
        metadata.put("classes", Long.toString(classes));
        metadata.put("image_size", Integer.toString(imageSize));
        metadata.put("normalisation", "channels R, G, B; values 0 to 255 minus " + (channelMean.isPresent() ? "channel_mean" : UNKNOWN_MEAN)
                + "; not divided");
        channelMean.ifPresent(mean -> metadata.put("channel_mean", String.format(Locale.ROOT, "%s,%s,%s", mean.toArray())));
        metadata.putAll(facts);
        return metadata;
    }
}
