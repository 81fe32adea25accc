package sknet.cluster;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * An HDFS client that fails in the middle of writing checkpoints, a number of times over all processes: each failure leaves a marker in
 * the local directory {@value #MARKERS}. Set by {@code spark.hadoop.fs.hdfs.impl}.
 */
public abstract class FaultyHdfs extends DistributedFileSystem {

    /** The setting that names the directory. */
    public static final String MARKERS = "sknet.test.markers";
    /** The setting that says how many times; 1 by default. */
    public static final String FAILURES = "sknet.test.failures";
    private static final Pattern CHECKPOINT = Pattern.compile("\\.step-(\\d+)\\.zip\\..*\\.tmp");
    /** The first checkpoint is written by the driver. */
    private static final int FIRST_STEP = 8;

    /** Whether this operation on a checkpoint's temporary file is one that fails. */
    final boolean takesFault(Path temporary) throws IOException {
        var name = CHECKPOINT.matcher(temporary.getName());
        if (!name.matches() || Long.parseLong(name.group(1)) < FIRST_STEP) {
            return false;
        }
        java.nio.file.Path markers = java.nio.file.Path.of(getConf().get(MARKERS));
        for (int i = 0; i < getConf().getInt(FAILURES, 1); i++) {
            try {
                Files.createFile(markers.resolve("fault-" + i));
                return true;
            } catch (FileAlreadyExistsException e) {
                // This one has happened.
            }
        }
        return false;
    }
}
