package sknet.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sknet.checkpoint.StoragePatience;
import sknet.data.shard.WholeFile;
import sknet.train.RunEvent.Kind;

/** What happened in a run: a small file for each {@link RunEvent}, which the driver writes, and a record of its log. */
public final class RunEvents {

    /** The directory within a run's. */
    public static final String DIRECTORY = "events";
    private static final Logger LOG = LoggerFactory.getLogger(RunEvents.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fileSystem;
    private final Path directory;
    private long lastMillis;

    public RunEvents(FileSystem fileSystem, Path run) {
        this.fileSystem = fileSystem;
        this.directory = new Path(run, DIRECTORY);
    }

    /** Keeps an event that happens now. The record is for people: a run does not fail for it. */
    synchronized void add(Kind kind, long step, long repeated, String detail) {
        // Two events of one millisecond shall have two names, in their order.
        lastMillis = Math.max(System.currentTimeMillis(), lastMillis + 1);
        RunEvent event = new RunEvent(lastMillis, kind, step, repeated, detail);
        LOG.atInfo().addKeyValue("event", kind.text()).addKeyValue("run", directory.getParent()).addKeyValue("step", step)
            .log(detail.isEmpty() ? kind.text() : kind.text() + ": " + detail);
        try {
            WholeFile.write(fileSystem, new Path(directory, lastMillis + "-" + kind.text() + ".json"), JSON.writeValueAsBytes(event));
        } catch (IOException e) {
            LOG.warn("Cannot record that the run {} at step {}: {}", kind.text(), step, StoragePatience.reason(e));
        }
    }

    /** All events in their order; none if nothing was recorded. */
    public List<RunEvent> read() throws IOException {
        List<RunEvent> events = new ArrayList<>();
        try {
            for (FileStatus status : fileSystem.listStatus(directory)) {
                if (status.getPath().getName().matches("\\d+-[a-z]+\\.json")) {
                    events.add(read(status.getPath()));
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        events.sort(Comparator.comparingLong(RunEvent::epochMillis));
        return events;
    }

    private RunEvent read(Path file) throws IOException {
        try (InputStream in = fileSystem.open(file)) {
            RunEvent event = JSON.readValue(new String(in.readAllBytes(), StandardCharsets.UTF_8), RunEvent.class);
            if (event != null && event.kind() != null) {
                return event;
            }
        } catch (JsonProcessingException e) {
            throw new IOException("Cannot read " + file + ": " + e.getOriginalMessage() + " (expected an event of a run; delete it to do without it)", e);
        }
        throw new IOException("Cannot read " + file + ": it names no kind of event (expected an event of a run; delete it to do without it)");
    }
}
