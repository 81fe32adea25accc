package sknet.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.checkpoint.CheckpointStore;
import sknet.train.TrainingRun;

/** The layout of a training's directory: {@code run-<seed>/checkpoints}, {@code history}, {@code tensorboard} and {@code evaluation}. */
final class Training {

    private static final Pattern RUN = Pattern.compile("run-(-?\\d{1,19})");

    private Training() {
    }

    static Path runDirectory(Path training, long seed) {
        return new Path(training, "run-" + seed);
    }

    /**
     * The directories of all runs, in the order of their seeds.
     *
     * @throws IllegalArgumentException if there are none
     */
    static List<Path> runs(FileSystem fileSystem, Path training) throws IOException {
        List<Path> runs = runsSoFar(fileSystem, training);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("Cannot open " + training + ": " + (fileSystem.exists(training)
                ? "it has no run-SEED directory" : "there is no such directory") + " (expected train's --output)");
        }
        return runs;
    }

    /** Whether a directory has the name of a run's. */
    static boolean isRun(Path directory) {
        return RUN.matcher(directory.getName()).matches();
    }

    /**
     * The runs that a training is to have, in the order of their seeds.
     *
     * @param begun  those that are there, at least one
     * @param wanted how many there are to be
     */
    static List<Path> runs(Path training, List<Path> begun, int wanted) {
        List<Path> runs = new ArrayList<>(begun);
        for (long seed = seed(begun.get(0)); runs.size() < wanted; seed++) {
            Path run = runDirectory(training, seed);
            if (!runs.contains(run)) {
                runs.add(run);
            }
        }
        runs.sort(Comparator.comparingLong(Training::seed));
        return runs;
    }

    /** The same of a training that may not have begun. */
    static List<Path> runsSoFar(FileSystem fileSystem, Path training) throws IOException {
        List<Path> runs = new ArrayList<>();
        try {
            for (FileStatus status : fileSystem.listStatus(training)) {
                if (status.isDirectory() && RUN.matcher(status.getPath().getName()).matches()) {
                    runs.add(status.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            // Nothing was written yet.
        }
        runs.sort(Comparator.comparingLong(Training::seed));
        return runs;
    }

    /**
     * The checkpoint that a path stands for: itself, or the newest of a training's only run.
     *
     * @throws IllegalArgumentException if there is none, or more than one run
     */
    static Path checkpoint(FileSystem fileSystem, Path path) throws IOException {
        Path qualified = fileSystem.makeQualified(path);
        if (!fileSystem.exists(qualified)) {
            throw new IllegalArgumentException("Cannot open " + qualified + ": there is no such file (expected a checkpoint, or train's --output)");
        }
        if (fileSystem.getFileStatus(qualified).isFile()) {
            return qualified;
        }
        List<Path> runs = runs(fileSystem, qualified);
        if (runs.size() > 1) {
            throw new IllegalArgumentException("Cannot choose a checkpoint of " + qualified + ": it has " + runs.size()
                + " runs (expected one, or a checkpoint file)");
        }
        return newest(fileSystem, runs.get(0));
    }

    /**
     * The newest checkpoint of a run.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Path newest(FileSystem fileSystem, Path run) throws IOException {
        List<Path> checkpoints = checkpoints(fileSystem, run).list();
        if (checkpoints.isEmpty()) {
            throw new IllegalArgumentException("Cannot open " + run + ": it has no checkpoint (expected at least one)");
        }
        return checkpoints.get(checkpoints.size() - 1);
    }

    /** By a run's directory; 0 if it is none. */
    static long seed(Path run) {
        Matcher matcher = RUN.matcher(run.getName());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    static CheckpointStore checkpoints(FileSystem fileSystem, Path run) {
        return new CheckpointStore(fileSystem, new Path(run, TrainingRun.CHECKPOINTS));
    }
}
