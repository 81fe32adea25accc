package sknet.analyze;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import sknet.data.image.BatchReader;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.shard.ShardedSplit;

/**
 * One image at all scales (Figures 3a, 3b and S5).
 *
 * @param id    of the image
 * @param label its class
 * @param views PNG, one a scale: what the network was shown
 * @param sums  over this image alone, that is its attention
 */
public record Example(String id, int label, List<byte[]> views, AttentionSums sums) implements Serializable {

    private static final float[] NO_MEAN = {0, 0, 0};

    /** @param sums over this image alone */
    static Example of(ShardedSplit.Sample sample, AttentionPlan plan, AttentionSums sums) throws IOException {
        List<byte[]> views = new ArrayList<>();
        for (double scale : plan.scales()) {
            views.add(view(sample, plan.transform().enlarged(scale)));
        }
        return new Example(sample.id(), sample.label(), views, sums);
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
