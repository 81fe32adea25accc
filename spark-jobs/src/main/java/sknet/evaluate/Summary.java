package sknet.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.WholeFile;

/**
 * The newest checkpoints of all runs of one training, together.
 *
 * @param runs      one entry a run, in the order of their seeds
 * @param top1Error over the runs, percent
 * @param top5Error over the runs, percent
 */
public record Summary(List<Run> runs, Statistic top1Error, Statistic top5Error) {

    /** The file in the training's directory. */
    public static final String FILE = "evaluation.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param name            the run's directory, like run-1
     * @param result          of its newest checkpoint
     * @param imagesPerSecond median over its training steps, all executors together; 0 if nothing was recorded
     */
    public record Run(String name, EvaluationResult result, double imagesPerSecond) {
    }

    /** @throws IllegalArgumentException if there are no runs */
    public static Summary of(List<Run> runs) {
        return new Summary(List.copyOf(runs), Statistic.of(runs.stream().map(run -> run.result().top1Error()).toList()),
            Statistic.of(runs.stream().map(run -> run.result().top5Error()).toList()));
    }

    /** Saves the summary in the training's directory, in place of an earlier one, and returns its path. */
    public Path save(FileSystem fileSystem, Path training) throws IOException {
        Path file = new Path(training, FILE);
        fileSystem.delete(file, false);
        WholeFile.write(fileSystem, file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        return file;
    }
}
