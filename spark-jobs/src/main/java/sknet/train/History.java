package sknet.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.WholeFile;

/**
 * The learning curve of a run: JSON lines of {@link StepMetrics}, one file for the steps up to each checkpoint, so that a
 * resumed run leaves neither gap nor overlap.
 */
public final class History {

    /** The directory within a run's. */
    public static final String DIRECTORY = "history";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fileSystem;
    private final Path directory;

    public History(FileSystem fileSystem, Path run) {
        this.fileSystem = fileSystem;
        this.directory = new Path(run, DIRECTORY);
    }

    /** Saves the lines since the checkpoint before that of {@code step}. */
    void save(long step, List<StepMetrics> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (StepMetrics line : lines) {
            text.append(JSON.writeValueAsString(line)).append('\n');
        }
        Path file = new Path(directory, String.format("step-%010d.jsonl", step));
        fileSystem.delete(file, false);
        WholeFile.write(fileSystem, file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Removes what an earlier attempt recorded after {@code step}, from which the run starts again. */
    void truncate(long step) throws IOException {
        for (Path file : files()) {
            if (file.getName().compareTo(String.format("step-%010d.jsonl", step)) > 0) {
                fileSystem.delete(file, false);
            }
        }
    }

    /** The last lines, at least so many where there are, in the order of their steps. */
    public List<StepMetrics> tail(int count) throws IOException {
        List<StepMetrics> lines = new ArrayList<>();
        List<Path> files = files();
        for (int i = files.size() - 1; i >= 0 && lines.size() < count; i--) {
            lines.addAll(0, read(files.get(i)));
        }
        return lines;
    }

    /** All lines in the order of their steps; none if nothing was recorded. */
    public List<StepMetrics> read() throws IOException {
        List<StepMetrics> lines = new ArrayList<>();
        for (Path file : files()) {
            lines.addAll(read(file));
        }
        return lines;
    }

    private List<StepMetrics> read(Path file) throws IOException {
        List<StepMetrics> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(fileSystem.open(file), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(parse(file, line));
            }
        }
        return lines;
    }

    private static StepMetrics parse(Path file, String line) throws IOException {
        try {
            StepMetrics metrics = JSON.readValue(line, StepMetrics.class);
            if (metrics != null) {
                return metrics;
            }
        } catch (JsonProcessingException e) {
            throw new IOException("Cannot read " + file + ": " + e.getOriginalMessage() + " (expected lines of a history; delete it to do without"
                + " them)", e);
        }
        throw new IOException("Cannot read " + file + ": a line is null (expected lines of a history; delete it to do without them)");
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try {
            for (FileStatus status : fileSystem.listStatus(directory)) {
                if (status.getPath().getName().matches("step-\\d+\\.jsonl")) {
                    files.add(status.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        files.sort(Comparator.comparing(Path::getName));
        return files;
    }
}
