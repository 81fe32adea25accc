package sknet.data.prepare;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.DatasetManifest;

/** Whether enough is left to learn from: every class has an image to train on, and there is one to validate with. */
record Completeness(Path source, Listing listing) {

    /**
     * @param rejected the files that are left out
     * @throws PrepareException if a class of train/, or val/ as a whole, has no other
     */
    void check(List<RejectedFile> rejected) {
        List<Integer> listed = classCounts(DatasetManifest.TRAIN, List.of());
        List<Integer> left = classCounts(DatasetManifest.TRAIN, rejected);
        for (int label = 0; label < left.size(); label++) {
            if (left.get(label) == 0) {
                throw empty("class '" + listing.classes().get(label) + "' in train/", listed.get(label));
            }
        }
        if (classCounts(DatasetManifest.VAL, rejected).stream().allMatch(count -> count == 0)) {
            throw empty("val/", listing.images().get(DatasetManifest.VAL).size());
        }
    }

    /** How many images of each class a split has without those that were rejected. */
    List<Integer> classCounts(String split, List<RejectedFile> rejected) {
        Set<String> out = rejected.stream().map(RejectedFile::path).collect(Collectors.toSet());
        int[] counts = new int[listing.classes().size()];
        for (SourceImage image : listing.images().get(split)) {
            counts[image.label()] += out.contains(image.id()) ? 0 : 1;
        }
        return Arrays.stream(counts).boxed().toList();
    }

    private PrepareException empty(String what, int files) {
        String unreadable = files == 0 ? "" : ": none of its " + files + " image files is readable";
        return new PrepareException("Cannot prepare " + source + ": " + what + " is empty" + unreadable
                + " (expected at least one image)");
    }
}
