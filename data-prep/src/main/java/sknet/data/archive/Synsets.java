package sknet.data.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import us.hebi.matlab.mat.types.Struct;

/**
 * ImageNet's classes, from {@code meta.mat} of the development kit: a MATLAB 5 file with a struct array {@code synsets}.
 *
 * @param leaves the synsets without children, which are the classes, by ILSVRC2012_ID from 1
 */
public record Synsets(List<Synset> leaves) {

    /**
     * @param id          ILSVRC2012_ID, by which the ground truth names it
     * @param wnid        WordNet ID, by which the archives name it
     * @param trainImages number of its training images
     */
    public record Synset(int id, String wnid, int trainImages) {
    }

    /**
     * Reads the list.
     *
     * @param file for messages
     * @throws IOException if it is not such a file
     */
    public static Synsets read(String file, byte[] content) throws IOException {
        List<Synset> leaves = new ArrayList<>();
        try (var mat = BoundedMatReader.of(content).readMat()) {
            Struct synsets = mat.getStruct("synsets");
            for (int i = 0; i < synsets.getNumElements(); i++) {
                if (number(synsets, "num_children", i) == 0) {
                    leaves.add(new Synset(number(synsets, "ILSVRC2012_ID", i), synsets.getChar("WNID", i).getString(),
                            number(synsets, "num_train_images", i)));
                }
            }
        } catch (IOException | RuntimeException e) {
            // The library answers damaged files with nearly any exception.
            throw new IOException("Cannot read " + file + ": " + e.getMessage() + " (expected a MATLAB 5 file with a struct array"
                    + " synsets of ILSVRC2012_ID, WNID, num_children and num_train_images)", e);
        }
        leaves.sort(Comparator.comparingInt(Synset::id));
        return new Synsets(check(file, leaves));
    }

    private static int number(Struct synsets, String field, int index) {
        return synsets.getMatrix(field, index).getInt(0);
    }

    private static List<Synset> check(String file, List<Synset> leaves) throws IOException {
        Set<String> wnids = new HashSet<>();
        for (int i = 0; i < leaves.size(); i++) {
            Synset leaf = leaves.get(i);
            if (leaf.id() != i + 1) {
                throw new IOException("Cannot read " + file + ": the synsets without children have ILSVRC2012_ID " + leaf.id()
                        + " in place " + (i + 1) + " (expected 1 to " + leaves.size() + ", each once)");
            }
            if (!leaf.wnid().matches("n[0-9]{8}") || !wnids.add(leaf.wnid())) {
                throw new IOException("Cannot read " + file + ": the WNID of synset " + leaf.id() + " is '" + leaf.wnid()
                        + "' (expected n and eight digits, each once)");
            }
        }
        if (leaves.isEmpty()) {
            throw new IOException("Cannot read " + file + ": it has no synset without children (expected the classes)");
        }
        return List.copyOf(leaves);
    }
}
