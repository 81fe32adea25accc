package sknet.analyze;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sknet.data.image.BatchReader;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;

/**
 * One image at all scales (Figures 3a, 3b and S5).
 *
 * @param id    of the image
 * @param label its class
 * @param views PNG, one a scale: what the network was shown
 * @param sums  over this image alone, that is its attention
 */
public record Example(String id, int label, List<byte[]> views, AttentionSums sums) {

    private static final float[] NO_MEAN = {0, 0, 0};

    /**
     * Reads the first images of the validation split.
     *
     * @param each sums of each
     */
    static List<Example> read(Configuration hadoop, AttentionPlan plan, DatasetManifest manifest, List<AttentionSums> each) throws IOException {
        List<Example> examples = new ArrayList<>();
        try (ShardedSplit split = ShardedSplit.open(hadoop, new Path(plan.dataset()), DatasetManifest.VAL, 0)) {
            for (int ordinal = 0; ordinal < each.size(); ordinal++) {
                ShardedSplit.Sample sample = split.read(ordinal);
                List<byte[]> views = new ArrayList<>();
                for (double scale : plan.scales()) {
                    views.add(view(sample, plan.transform().enlarged(scale)));
                }
                examples.add(new Example(sample.id(), sample.label(), views, each.get(ordinal)));
            }
        }
        return examples;
    }

    private static byte[] view(ShardedSplit.Sample sample, ResizeCentreCrop transform) throws IOException {
        int size = transform.size();
        FloatBuffer pixels = FloatBuffer.allocate(3 * size * size);
        new BatchReader(ordinal -> sample, transform, NO_MEAN, 0).read(new int[] {sample.ordinal()}, 0, pixels, new int[1]);
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < size * size; i++) {
            image.setRGB(i % size, i / size, level(pixels, i) << 16 | level(pixels, size * size + i) << 8 | level(pixels, 2 * size * size + i));
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    private static int level(FloatBuffer pixels, int place) {
        return Math.max(0, Math.min(255, Math.round(pixels.get(place))));
    }
}
