package sknet.data.prepare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import sknet.data.archive.MatWriter;
import sknet.data.archive.TarWriter;
import sknet.data.image.TestImages;

/** ImageNet's files in their original layout: 1,000 classes, one or two training images each, 50 validation images. */
final class MiniatureImageNet {
    static final int CLASSES = 1000;
    static final int VAL = 50;
    private static final int PARENTS = 20;

    /** WordNet IDs by ILSVRC2012_ID - 1, not in their order. */
    final List<String> wnids = new ArrayList<>();
    /** Image files by the id they should get. */
    final Map<String, byte[]> images = new TreeMap<>();
    final List<Integer> groundTruth = new ArrayList<>();

    MiniatureImageNet() throws IOException {
        for (int i = 0; i < CLASSES; i++) {
            wnids.add(String.format(Locale.ROOT, "n%08d", 1_440_764 + 37 * i));
        }
        Collections.shuffle(wnids, new Random(3));
        for (String wnid : wnids) {
            for (int i = 0; i < trainImages(wnid); i++) {
                images.put("train/" + wnid + "/" + wnid + "_" + (100 + i) + ".JPEG", jpeg());
            }
        }
        Random random = new Random(4);
        for (int i = 1; i <= VAL; i++) {
            int id = 1 + random.nextInt(CLASSES);
            groundTruth.add(id);
            images.put("val/" + wnids.get(id - 1) + "/" + valName(i), jpeg());
        }
    }

    int trainImages(String wnid) {
        return 1 + wnid.charAt(8) % 2;
    }

    static String valName(int number) {
        return String.format(Locale.ROOT, "ILSVRC2012_val_%08d.JPEG", number);
    }

    void writeArchives(Path directory) throws IOException {
        Files.createDirectories(directory);
        TarWriter train = new TarWriter();
        for (String wnid : wnids) {
            TarWriter inner = new TarWriter();
            filesIn("train/" + wnid).forEach(inner::file);
            train.file(wnid + ".tar", inner.bytes());
        }
        Files.write(directory.resolve("ILSVRC2012_img_train.tar"), train.bytes());
        TarWriter val = new TarWriter();
        valFiles().forEach(val::file);
        Files.write(directory.resolve("ILSVRC2012_img_val.tar"), val.bytes());
        writeDevkit(directory);
    }

    void writeDevkit(Path directory) throws IOException {
        String root = "ILSVRC2012_devkit_t12/";
        StringBuilder truth = new StringBuilder();
        groundTruth.forEach(id -> truth.append(id).append('\n'));
        byte[] devkit = new TarWriter().directory(root).file(root + "readme.txt", "read me".getBytes(StandardCharsets.US_ASCII))
                .directory(root + "data/").file(root + "data/meta.mat", meta())
                .file(root + "data/ILSVRC2012_validation_ground_truth.txt", truth.toString().getBytes(StandardCharsets.US_ASCII)).bytes();
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve("ILSVRC2012_devkit_t12.tar.gz")))) {
            out.write(devkit);
        }
    }

    /** The extracted layout: train/WNID/NAME, and val flat. */
    void writeFolders(Path directory) throws IOException {
        for (String id : images.keySet()) {
            if (id.startsWith("train/")) {
                write(directory.resolve(id), images.get(id));
            }
        }
        for (Map.Entry<String, byte[]> file : valFiles().entrySet()) {
            write(directory.resolve("val").resolve(file.getKey()), file.getValue());
        }
    }

    /** The layout of an ImageFolder. */
    void writeImageFolder(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> image : images.entrySet()) {
            write(directory.resolve(image.getKey()), image.getValue());
        }
    }

    private Map<String, byte[]> filesIn(String folder) {
        Map<String, byte[]> files = new TreeMap<>();
        images.forEach((id, bytes) -> {
            if (id.startsWith(folder + "/")) {
                files.put(id.substring(id.lastIndexOf('/') + 1), bytes);
            }
        });
        return files;
    }

    private Map<String, byte[]> valFiles() {
        Map<String, byte[]> files = new TreeMap<>();
        wnids.forEach(wnid -> files.putAll(filesIn("val/" + wnid)));
        return files;
    }

    private byte[] meta() {
        List<Map<String, Object>> synsets = new ArrayList<>();
        for (int i = 0; i < CLASSES + PARENTS; i++) {
            boolean leaf = i < CLASSES;
            String wnid = leaf ? wnids.get(i) : String.format(Locale.ROOT, "n%08d", i);
            synsets.add(Map.of("ILSVRC2012_ID", i + 1, "WNID", wnid, "words", "word, other word", "gloss", leaf ? "what it is" : "",
                    "num_children", leaf ? 0 : 50, "wordnet_height", leaf ? 0 : 1, "num_train_images", leaf ? trainImages(wnid) : 0));
        }
        return MatWriter.structs("synsets", List.of("ILSVRC2012_ID", "WNID", "words", "gloss", "num_children", "wordnet_height",
                "num_train_images"), synsets);
    }

    private byte[] jpeg() throws IOException {
        return TestImages.encode(TestImages.picture(8 + images.size() % 5, 8, images.size()), "jpg");
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
