package sknet.data.prepare;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.DatasetManifest;

/** Whether enough is left to learn from: every class has an image to train on, and there is one to validate with. */
record Completeness(Path source, FolderListing listing) {

    /**
     * @param rejected the files that are left out
     * @throws PrepareException if a class of train/, or val/ as a whole, has no other
     */
    void check(List<RejectedFile> rejected) {
        Set<String> out = new HashSet<>();
        rejected.forEach(file -> out.add(file.path()));
        int[] listed = new int[listing.classes().size()];
        int[] left = new int[listing.classes().size()];
        for (SourceImage image : listing.images().get(DatasetManifest.TRAIN)) {
            listed[image.label()]++;
            left[image.label()] += out.contains(image.id()) ? 0 : 1;
        }
        for (int label = 0; label < left.length; label++) {
            if (left[label] == 0) {
                throw empty("class '" + listing.classes().get(label) + "' in train/", listed[label]);
            }
        }
        List<SourceImage> val = listing.images().get(DatasetManifest.VAL);
        if (val.stream().allMatch(image -> out.contains(image.id()))) {
            throw empty("val/", val.size());
        }
    }

    private PrepareException empty(String what, int files) {
        String unreadable = files == 0 ? "" : ": none of its " + files + " image files is readable";
        return new PrepareException("Cannot prepare " + source + ": " + what + " is empty" + unreadable
                + " (expected at least one image)");
    }
}
