package sknet.tensorboard;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.WholeFile;

/**
 * The event files of a run: {@code events.out.tfevents.STEP.train} for the steps up to each checkpoint, and {@code .val} for an evaluation
 * of that checkpoint. Their names, which TensorBoard knows by "tfevents", are in the order of the steps, in which it reads them. None is
 * ever added to.
 */
public final class EventFiles {

    /** The directory within a run's. */
    public static final String DIRECTORY = "tensorboard";
    private static final Pattern TRAIN_FILE = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10,19})\\.train");
    private static final Pattern TRAIN_LEFTOVER = Pattern.compile("_" + TRAIN_FILE + "\\..*");

    private final FileSystem fileSystem;
    private final Path directory;

    /** Whose events a file holds. */
    public enum Kind {
        TRAIN, VAL
    }

    public EventFiles(FileSystem fileSystem, Path run) {
        // Hadoop's local file system would write a file of checksums beside each, which TensorBoard takes for one of events.
        this.fileSystem = fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
        this.directory = new Path(run, DIRECTORY);
    }

    /** Saves the events up to that of {@code step}, in place of those that an earlier call has saved for this step and kind. */
    public void save(long step, Kind kind, List<StepEvent> events) throws IOException {
        Path file = new Path(directory, String.format("events.out.tfevents.%010d.%s", step, kind.name().toLowerCase(Locale.ROOT)));
        fileSystem.delete(file, false);
        WholeFile.write(fileSystem, file, EventRecords.of(events));
    }

    /**
     * Removes what an earlier attempt recorded of training after {@code step}, from which the run starts again, and the file that a killed
     * driver was writing. Evaluations stay: a step has the same bits in every attempt.
     */
    public void truncate(long step) throws IOException {
        FileStatus[] files;
        try {
            files = fileSystem.listStatus(directory);
        } catch (FileNotFoundException e) {
            return;
        }
        for (FileStatus file : files) {
            String name = file.getPath().getName();
            Matcher saved = TRAIN_FILE.matcher(name);
            if (saved.matches() && Long.parseLong(saved.group(1)) > step || TRAIN_LEFTOVER.matcher(name).matches()) {
                fileSystem.delete(file.getPath(), false);
            }
        }
    }
}
