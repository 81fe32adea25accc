package sknet.train;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How far a run is while it lasts, as its driver says now and then: a file in the run's directory that is written again and again. The file's own
 * time says when. It is for whoever looks; no run goes on from it.
 *
 * @param step           steps done
 * @param totalSteps     steps of the whole run
 * @param epochs         of the whole run
 * @param silenceSeconds since replicas last reported a step, or the attempt began
 * @param last           their last report; null before the first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunProgress(long step, long totalSteps, int epochs, double silenceSeconds,
                          @JsonInclude(JsonInclude.Include.NON_NULL) StepMetrics last) {

    /** The file in the run's directory. */
    public static final String FILE = "progress.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A reader may come between the removal of a file and the next one's name. */
    private static final int LOOKS = 3;
    private static final int PAUSE_MILLIS = 100;

    /**
     * With the time at which it was written.
     *
     * @param epochMillis milliseconds since 1970
     */
    public record Written(long epochMillis, RunProgress progress) {
    }

    /** What a run's driver said last; nothing if it never did. */
    public static Optional<Written> read(FileSystem fileSystem, Path run) throws IOException {
        Path file = new Path(run, FILE);
        for (int look = 1; look <= LOOKS && fileSystem.exists(run); look++) {
            try (InputStream in = fileSystem.open(file)) {
                RunProgress progress = JSON.readValue(in, RunProgress.class);
                return Optional.of(new Written(fileSystem.getFileStatus(file).getModificationTime(), progress));
            } catch (FileNotFoundException e) {
                pause();
            }
        }
        return Optional.empty();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Cannot wait for a run's progress: interrupted", e);
        }
    }

    /** Takes the place of what was said before. Only one may write at a time. */
    void write(FileSystem fileSystem, Path run) throws IOException {
        Path file = new Path(run, FILE);
        Path temporary = new Path(run, "_" + FILE + ".tmp");
        byte[] json = JSON.writeValueAsBytes(this);
        FSDataOutputStream out = fileSystem.create(temporary, true);
        try {
            out.write(json);
        } finally {
            // Not by try-with-resources: HDFS's streams throw the exception of a failed write again, which Java forbids to suppress.
            out.close();
        }
        fileSystem.delete(file, false);
        if (!fileSystem.rename(temporary, file)) {
            throw new IOException("the file system refused to rename " + temporary.getName());
        }
    }
}
