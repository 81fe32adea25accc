package sknet.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import sknet.data.image.ImageDecoder;
import sknet.data.image.RgbImage;
import sknet.data.image.UnreadableImageException;
import sknet.data.order.WholeOrder;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;

/**
 * A picture of random training images, a row a class; the same for the same data set.
 *
 * @param classes number of rows at most
 * @param images  number of images in a row at most
 */
record ContactSheet(DatasetManifest manifest, int classes, int images) {
    private static final int CELL = 96;
    private static final int GAP = 4;
    private static final int TITLE = 18;
    private static final long SEED = 1;

    ContactSheet {
        if (classes < 1 || images < 1) {
            throw new IllegalArgumentException("Cannot draw " + images + " images of " + classes + " classes (expected at least 1 of each)");
        }
    }

    void write(Configuration hadoop, org.apache.hadoop.fs.Path dataset, Path file) throws IOException {
        Map<Integer, List<ShardedSplit.Sample>> rows = samples(hadoop, dataset);
        BufferedImage sheet = new BufferedImage(GAP + images * (CELL + GAP), rows.size() * (TITLE + CELL + GAP), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        graphics.setColor(Color.BLACK);
        int top = 0;
        for (Map.Entry<Integer, List<ShardedSplit.Sample>> row : rows.entrySet()) {
            graphics.drawString(row.getKey() + "  " + manifest.classes().get(row.getKey()), GAP, top + TITLE - GAP);
            for (int column = 0; column < row.getValue().size(); column++) {
                draw(graphics, image(row.getValue().get(column)), GAP + column * (CELL + GAP), top + TITLE);
            }
            top += TITLE + CELL + GAP;
        }
        graphics.dispose();
        ImageIO.write(sheet, "png", file.toFile());
    }

    /** Goes through the split in a random order until all rows are full: labels are known without reading images. */
    private Map<Integer, List<ShardedSplit.Sample>> samples(Configuration hadoop, org.apache.hadoop.fs.Path dataset) throws IOException {
        List<Integer> labels = new ArrayList<>(IntStream.range(0, manifest.classes().size()).boxed().toList());
        Collections.shuffle(labels, new Random(SEED));
        Map<Integer, List<ShardedSplit.Sample>> rows = new TreeMap<>();
        labels.subList(0, Math.min(classes, labels.size())).forEach(label -> rows.put(label, new ArrayList<>()));
        List<Integer> counts = manifest.split(DatasetManifest.TRAIN).classCounts();
        TreeSet<Integer> open = new TreeSet<>(rows.keySet());
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, DatasetManifest.TRAIN, 0)) {
            WholeOrder order = new WholeOrder(SEED, 0, split.size());
            for (int i = 0; i < split.size() && !open.isEmpty(); i++) {
                int ordinal = order.at(i);
                int label = split.label(ordinal);
                if (open.contains(label)) {
                    rows.get(label).add(split.read(ordinal));
                    if (rows.get(label).size() == Math.min(images, counts.get(label))) {
                        open.remove(label);
                    }
                }
            }
        }
        return rows;
    }

    private static void draw(Graphics2D graphics, BufferedImage image, int left, int top) {
        double scale = (double) CELL / Math.max(image.getWidth(), image.getHeight());
        int width = Math.max(1, (int) (image.getWidth() * scale));
        int height = Math.max(1, (int) (image.getHeight() * scale));
        graphics.drawImage(image, left + (CELL - width) / 2, top + (CELL - height) / 2, width, height, null);
    }

    private static BufferedImage image(ShardedSplit.Sample sample) throws IOException {
        try {
            RgbImage rgb = ImageDecoder.decode(sample.bytes());
            BufferedImage image = new BufferedImage(rgb.width(), rgb.height(), BufferedImage.TYPE_INT_RGB);
            byte[] pixels = rgb.pixels();
            for (int i = 0; i < rgb.width() * rgb.height(); i++) {
                image.setRGB(i % rgb.width(), i / rgb.width(),
                    (pixels[3 * i] & 0xFF) << 16 | (pixels[3 * i + 1] & 0xFF) << 8 | pixels[3 * i + 2] & 0xFF);
            }
            return image;
        } catch (UnreadableImageException e) {
            throw new IOException("Cannot draw " + sample.id() + ": it " + e.getMessage(), e);
        }
    }
}
