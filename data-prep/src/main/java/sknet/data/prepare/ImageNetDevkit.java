package sknet.data.prepare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.archive.ForwardBytes;
import sknet.data.archive.Synsets;
import sknet.data.archive.TarArchive;
import sknet.data.archive.TarEntry;

/**
 * ImageNet's development kit: which classes there are, and of which class each validation image is.
 *
 * @param synsets     the classes by ILSVRC2012_ID
 * @param groundTruth ILSVRC2012_ID of each validation image, the first one's first
 */
record ImageNetDevkit(Synsets synsets, List<Integer> groundTruth) {
    static final String FILE = "ILSVRC2012_devkit_t12.tar.gz";

    private static final String META = "data/meta.mat";
    private static final String TRUTH = "data/ILSVRC2012_validation_ground_truth.txt";
    private static final int MOST_BYTES = 1 << 26;

    static ImageNetDevkit read(FileSystem fs, Path archive) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ForwardBytes in = ForwardBytes.open(fs, archive)) {
            TarArchive tar = new TarArchive(in, archive.toString(), 0, Long.MAX_VALUE);
            for (Optional<TarEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                for (String wanted : List.of(META, TRUTH)) {
                    if (("/" + entry.get().name()).endsWith("/" + wanted) && entry.get().bytes() <= MOST_BYTES) {
                        byte[] content = new byte[(int) entry.get().bytes()];
                        in.readFully(entry.get().offset(), content);
                        files.put(wanted, content);
                    }
                }
            }
        }
        for (String wanted : List.of(META, TRUTH)) {
            if (!files.containsKey(wanted)) {
                throw new PrepareException("Cannot read " + archive + ": it has no " + wanted + " (expected the development kit of"
                        + " ILSVRC2012, tasks 1 and 2)");
            }
        }
        Synsets synsets = Synsets.read(archive + ":" + META, files.get(META));
        return new ImageNetDevkit(synsets, groundTruth(archive, files.get(TRUTH), synsets.leaves().size()));
    }

    /** The WordNet IDs, sorted; their places are the labels. */
    List<String> classes() {
        return synsets.leaves().stream().map(Synsets.Synset::wnid).sorted().toList();
    }

    /** WordNet ID of a validation image, which are counted from 1. */
    String wnidOf(int image) {
        return synsets.leaves().get(groundTruth.get(image - 1) - 1).wnid();
    }

    private static List<Integer> groundTruth(Path archive, byte[] content, int classes) {
        List<String> lines = new String(content, StandardCharsets.US_ASCII).lines().map(String::strip).toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).matches("[0-9]{1,6}") || Integer.parseInt(lines.get(i)) < 1 || Integer.parseInt(lines.get(i)) > classes) {
                throw new PrepareException("Cannot read " + archive + ": line " + (i + 1) + " of " + TRUTH + " is '" + lines.get(i)
                        + "' (expected an ILSVRC2012_ID of 1 to " + classes + ")");
            }
        }
        return lines.stream().map(Integer::valueOf).toList();
    }
}
