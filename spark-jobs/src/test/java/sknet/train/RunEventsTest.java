package sknet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.train.RunEvent.Kind;

class RunEventsTest {

    @TempDir
    private java.nio.file.Path directory;
    private FileSystem local;

    @BeforeEach
    void open() throws IOException {
        local = new RawLocalFileSystem();
        local.initialize(URI.create("file:///"), new Configuration());
    }

    @Test
    void eventsAreReadInTheOrderInWhichTheyHappened() throws IOException {
        RunEvents events = new RunEvents(local, run());
        events.add(Kind.STARTED, 0, 0, "");
        events.add(Kind.DAMAGED, 8, 0, "it has no entry sknet.json");
        events.add(Kind.DAMAGED, 6, 0, "it has no entry sknet.json");
        events.add(Kind.RESTARTED, 4, 5, "rank 1 is lost");
        events.add(Kind.FINISHED, 12, 0, "");
        List<RunEvent> read = events.read();
        assertEquals(List.of(Kind.STARTED, Kind.DAMAGED, Kind.DAMAGED, Kind.RESTARTED, Kind.FINISHED), read.stream().map(RunEvent::kind).toList());
        assertEquals(List.of(0L, 8L, 6L, 4L, 12L), read.stream().map(RunEvent::step).toList());
        assertEquals("rank 1 is lost", read.get(3).detail());
        assertEquals(5, read.get(3).repeated());
        assertTrue(Math.abs(System.currentTimeMillis() - read.get(0).epochMillis()) < 60_000);
    }

    @Test
    void whatCannotBeRecordedFailsNothing() throws IOException {
        FileSystem full = new FilterFileSystem(local) {
            @Override
            public FSDataOutputStream create(Path path, boolean overwrite) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        new RunEvents(full, run()).add(Kind.STARTED, 0, 0, "");
        assertEquals(List.of(), new RunEvents(local, run()).read());
    }

    private Path run() {
        return new Path(directory.toUri());
    }
}
