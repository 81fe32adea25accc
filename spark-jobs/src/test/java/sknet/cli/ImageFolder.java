package sknet.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** A small tree of images that a network can learn: noise with a bright bar, whose place is the class. */
final class ImageFolder {

    static final int CLASSES = 3;
    private static final int SIZE = 16;

    private ImageFolder() {
    }

    static Path write(Path directory, int trainingImages, int validationImages) throws IOException {
        Random random = new Random(1);
        write(directory.resolve("train"), trainingImages, random);
        write(directory.resolve("val"), validationImages, random);
        return directory;
    }

    private static void write(Path split, int images, Random random) throws IOException {
        for (int i = 0; i < images; i++) {
            int label = i % CLASSES;
            Path file = split.resolve("class-" + label).resolve(i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image(label, random), "png", file.toFile());
        }
    }

    private static BufferedImage image(int label, Random random) {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                int grey = random.nextInt(100) + (y / 5 == label ? 150 : 0);
                image.setRGB(x, y, grey << 16 | grey << 8 | grey);
            }
        }
        return image;
    }
}
