package sknet.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
 * @param crops      its errors at each size of image, at least one
 * @param provenance of the checkpoint, and how it was evaluated
 */
public record EvaluationResult(String checkpoint, int epoch, long step, List<CropResult> crops, Map<String, String> provenance) {

    /** The directory within a run's. */
    public static final String DIRECTORY = "evaluation";
    private static final String WEIGHTS = "evaluation.weights";
    private static final ObjectMapper JSON = new ObjectMapper();

    public EvaluationResult {
        if (crops == null || crops.isEmpty() || crops.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("it has no crops (expected at least one)");
        }
        if (provenance == null) {
            throw new IllegalArgumentException("it has no provenance (expected where it comes from)");
        }
    }

    static EvaluationResult of(String checkpoint, CheckpointInfo info, EvaluationPlan plan, List<CropResult> crops) {
        Map<String, String> provenance = new TreeMap<>(info.provenance());
        provenance.put("evaluation.dataset", plan.dataset());
        provenance.put("evaluation.transform", plan.crops().toString());
        provenance.put(WEIGHTS, plan.weights().label());
        return new EvaluationResult(checkpoint, info.position().epoch(), info.position().step(), crops, provenance);
    }

    /** What was counted at the first crop size. */
    public Tally tally() {
        return crops.get(0).tally();
    }

    /** At the first crop size, percent. */
    public double top1Error() {
        return crops.get(0).top1Error();
    }

    /** At the first crop size, percent. */
    public double top5Error() {
        return crops.get(0).top5Error();
    }

    /** The errors at a crop size, where it was evaluated. */
    public Optional<CropResult> crop(int size) {
        return crops.stream().filter(crop -> crop.cropSize() == size).findFirst();
    }

    /** Which weights were evaluated: "raw" or "average". */
    public String weights() {
        return provenance.getOrDefault(WEIGHTS, WeightKind.RAW.label());
    }

    /** Saves the result in the run's directory, in place of an earlier one of the same step. */
    public void save(FileSystem fileSystem, Path run) throws IOException {
        Path file = new Path(new Path(run, DIRECTORY), name(step) + ".json");
        fileSystem.delete(file, false);
        WholeFile.write(fileSystem, file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }

    /** Where the tables of a checkpoint's evaluation are, or would be. */
    public static Path details(Path run, long step) {
        return new Path(new Path(run, DIRECTORY), name(step));
    }

    private static String name(long step) {
        return String.format("step-%010d", step);
    }

    /** The step of the checkpoint with the lowest top-1 error among the results in a run's directory, the newest of equals. */
    public static OptionalLong best(FileSystem fileSystem, Path run) throws IOException {
        return readAll(fileSystem, run).stream()
            .min(Comparator.comparingDouble(EvaluationResult::top1Error).thenComparing(EvaluationResult::step, Comparator.reverseOrder()))
            .map(result -> OptionalLong.of(result.step())).orElseGet(OptionalLong::empty);
    }

    /**
     * The results saved in a run's directory, in the order of their steps.
     *
     * @throws IOException if one cannot be read; those of earlier versions are among them
     */
    public static List<EvaluationResult> readAll(FileSystem fileSystem, Path run) throws IOException {
        List<EvaluationResult> results = new ArrayList<>();
        for (Path file : files(fileSystem, run)) {
            read(fileSystem, file).ifPresent(results::add);
        }
        results.sort(Comparator.comparingLong(EvaluationResult::step));
        return results;
    }

    private static List<Path> files(FileSystem fileSystem, Path run) throws IOException {
        List<Path> files = new ArrayList<>();
        try {
            for (FileStatus status : fileSystem.listStatus(new Path(run, DIRECTORY))) {
                if (status.getPath().getName().matches("step-\\d+\\.json")) {
                    files.add(status.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            // Nothing was evaluated yet.
        }
        return files;
    }

    /** Nothing where another job is just replacing the result. */
    private static Optional<EvaluationResult> read(FileSystem fileSystem, Path file) throws IOException {
        try (InputStream in = fileSystem.open(file)) {
            EvaluationResult result = JSON.readValue(new String(in.readAllBytes(), StandardCharsets.UTF_8), EvaluationResult.class);
            if (result == null) {
                throw damaged(file, "it is null", null);
            }
            return Optional.of(result);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw damaged(file, e.getOriginalMessage(), e);
        }
    }

    private static IOException damaged(Path file, String finding, Exception cause) {
        return new IOException("Cannot read " + file + ": " + finding + " (expected a result of this version: evaluate its checkpoint again, or"
            + " delete it)", cause);
    }
}
