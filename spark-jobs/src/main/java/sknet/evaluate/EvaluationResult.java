package sknet.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.checkpoint.CheckpointInfo;
import sknet.checkpoint.WeightKind;
import sknet.data.shard.WholeFile;

/**
 * The errors of one checkpoint, as they are kept in the run's directory.
 *
 * @param checkpoint the checkpoint's path
 * @param epoch      epochs it was trained for
 * @param step       steps it was trained for
 * @param tally      what was counted
 * @param top1Error  percent
 * @param top5Error  percent
 * @param provenance of the checkpoint, and how it was evaluated
 */
public record EvaluationResult(String checkpoint, int epoch, long step, Tally tally, double top1Error, double top5Error,
                               Map<String, String> provenance) {

    /** The directory within a run's. */
    public static final String DIRECTORY = "evaluation";
    private static final String WEIGHTS = "evaluation.weights";
    private static final ObjectMapper JSON = new ObjectMapper();

    static EvaluationResult of(String checkpoint, CheckpointInfo info, EvaluationPlan plan, Tally tally) {
        Map<String, String> provenance = new TreeMap<>(info.provenance());
        provenance.put("evaluation.dataset", plan.dataset());
        provenance.put("evaluation.transform", plan.transform().toString());
        provenance.put(WEIGHTS, plan.weights().label());
        return new EvaluationResult(checkpoint, info.position().epoch(), info.position().step(), tally, tally.top1Error(),
            tally.top5Error(), provenance);
    }

    /** Which weights were evaluated: "raw" or "average". */
    public String weights() {
        return provenance.getOrDefault(WEIGHTS, WeightKind.RAW.label());
    }

    /** Saves the result in the run's directory, in place of an earlier one of the same step. */
    public void save(FileSystem fileSystem, Path run) throws IOException {
        Path file = new Path(new Path(run, DIRECTORY), String.format("step-%010d.json", step));
        fileSystem.delete(file, false);
        WholeFile.write(fileSystem, file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }

    /** The step of the checkpoint with the lowest top-1 error among the results in a run's directory, the newest of equals. */
    public static OptionalLong best(FileSystem fileSystem, Path run) throws IOException {
        return readAll(fileSystem, run).stream()
            .min(Comparator.comparingDouble(EvaluationResult::top1Error).thenComparing(EvaluationResult::step, Comparator.reverseOrder()))
            .map(result -> OptionalLong.of(result.step())).orElseGet(OptionalLong::empty);
    }

    /** The results saved in a run's directory, in the order of their steps. */
    public static List<EvaluationResult> readAll(FileSystem fileSystem, Path run) throws IOException {
        List<EvaluationResult> results = new ArrayList<>();
        try {
            for (FileStatus status : fileSystem.listStatus(new Path(run, DIRECTORY))) {
                if (status.getPath().getName().matches("step-\\d+\\.json")) {
                    try (InputStream in = fileSystem.open(status.getPath())) {
                        results.add(JSON.readValue(in, EvaluationResult.class));
                    }
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        results.sort(Comparator.comparingLong(EvaluationResult::step));
        return results;
    }
}
