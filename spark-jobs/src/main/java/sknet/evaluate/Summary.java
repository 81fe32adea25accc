package sknet.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.WholeFile;

/**
 * The newest checkpoints of all runs of one training, together.
 *
 * @param runs  one entry a run, in the order of their seeds
 * @param crops the errors over the runs at each size of image that all were evaluated at
 */
public record Summary(List<Run> runs, List<Crop> crops) {

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

    /**
     * @param cropSize  pixels
     * @param top1Error over the runs, percent
     * @param top5Error over the runs, percent
     */
    public record Crop(int cropSize, Statistic top1Error, Statistic top5Error) {

        /** The errors at each crop size that all results have, in the order of the first one's. */
        public static List<Crop> of(List<EvaluationResult> results) {
            return results.stream().limit(1).flatMap(first -> first.crops().stream()).map(CropResult::cropSize)
                .filter(size -> results.stream().allMatch(result -> result.crop(size).isPresent())).map(size -> of(results, size)).toList();
        }

        private static Crop of(List<EvaluationResult> results, int size) {
            return new Crop(size, statistic(results, size, CropResult::top1Error), statistic(results, size, CropResult::top5Error));
        }

        private static Statistic statistic(List<EvaluationResult> results, int size, ToDoubleFunction<CropResult> error) {
            return Statistic.of(results.stream().map(result -> result.crop(size)).flatMap(Optional::stream)
                .map(crop -> error.applyAsDouble(crop)).toList());
        }
    }

    /** @throws IllegalArgumentException if there are no runs, or no crop size is common to them */
    public static Summary of(List<Run> runs) {
        List<Crop> crops = Crop.of(runs.stream().map(Run::result).toList());
        if (crops.isEmpty()) {
            throw new IllegalArgumentException("Cannot average " + runs.size() + " runs: no crop size is common to them (expected at least one)");
        }
        return new Summary(List.copyOf(runs), crops);
    }

    /** Saves the summary in the training's directory, in place of an earlier one, and returns its path. */
    public Path save(FileSystem fileSystem, Path training) throws IOException {
        Path file = new Path(training, FILE);
        fileSystem.delete(file, false);
        WholeFile.write(fileSystem, file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        return file;
    }
}
