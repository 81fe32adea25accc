package sknet.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;

/**
 * What is left of the data set that a checkpoint was trained on.
 *
 * @param manifest empty where it cannot be read
 * @param reason   why not
 */
record TrainingData(Optional<DatasetManifest> manifest, String reason) {

    /** @throws IOException if the directory that the user names is not that data set; that of the provenance may have gone */
    static TrainingData of(Configuration hadoop, Optional<String> named, Map<String, String> provenance) throws IOException {
        String directory = named.orElse(provenance.getOrDefault("dataset", ""));
        if (directory.isEmpty()) {
            return new TrainingData(Optional.empty(), "the checkpoint names no data set");
        }
        try {
            return new TrainingData(Optional.of(read(hadoop, new Path(directory), provenance.get("dataset.fingerprint"))), "");
        } catch (IOException e) {
            if (named.isPresent()) {
                throw e;
            }
            return new TrainingData(Optional.empty(), e.getMessage());
        }
    }

    private static DatasetManifest read(Configuration hadoop, Path directory, String fingerprint) throws IOException {
        DatasetManifest manifest = DatasetManifest.read(Storage.connect(hadoop, directory), directory);
        if (!manifest.fingerprint().equals(fingerprint)) {
            throw new IOException("Cannot take the mean of " + directory + ": its fingerprint is " + manifest.fingerprint() + " (expected "
                + fingerprint + ", that of the training)");
        }
        return manifest;
    }

    String meanOrReason() {
        return manifest.map(read -> String.format(Locale.ROOT, "%.2f, %.2f and %.2f", read.channelMean().toArray()))
            .orElse("the mean of the training images, which is not known here (--data DIR names the data set): " + reason);
    }
}
