package sknet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.Retention;

class OldCheckpointsTest {

    @TempDir
    private java.nio.file.Path directory;
    private FileSystem local;

    @BeforeEach
    void checkpointsOfAnEarlierAttempt() throws IOException {
        local = new RawLocalFileSystem();
        local.initialize(URI.create("file:///"), new Configuration());
        write(0, 10, 20, 30);
    }

    @Test
    void eachNewCheckpointDeletesTheOldest() throws IOException {
        OldCheckpoints old = old(local, 2, OptionalLong.empty());
        write(40);
        old.written(40);
        assertEquals(List.of(30L, 40L), steps());
        write(50);
        old.written(50);
        assertEquals(List.of(40L, 50L), steps());
    }

    @Test
    void theCheckpointAnAttemptStartedFromStaysUntilTheDamagedOnesAreWrittenAgain() throws IOException {
        OldCheckpoints old = old(local, 1, OptionalLong.of(0));
        old.damaged(30);
        old.damaged(20);
        old.written(20);
        assertEquals(List.of(0L, 20L, 30L), steps(), "30 is still damaged, 0 the best");
        old.written(30);
        assertEquals(List.of(0L, 30L), steps());
    }

    @Test
    void aDeletionThatFailsIsMadeUpForLater() throws IOException {
        FileSystem readOnly = new FilterFileSystem(local) {
            @Override
            public boolean delete(Path path, boolean recursive) throws IOException {
                throw new IOException("Name node is in safe mode");
            }
        };
        old(readOnly, 1, OptionalLong.empty()).written(30);
        assertEquals(List.of(0L, 10L, 20L, 30L), steps());
        old(local, 1, OptionalLong.empty()).written(30);
        assertEquals(List.of(30L), steps());
    }

    @Test
    void allStayUnlessTheUserSaysOtherwise() throws IOException {
        old(local, 0, OptionalLong.empty()).written(30);
        assertEquals(List.of(0L, 10L, 20L, 30L), steps());
    }

    private OldCheckpoints old(FileSystem fileSystem, int keep, OptionalLong best) {
        return new OldCheckpoints(store(fileSystem), new RunPolicy(3, new Retention(keep), () -> best, new StopWish()));
    }

    private CheckpointStore store(FileSystem fileSystem) {
        return new CheckpointStore(fileSystem, new Path(directory.toUri()));
    }

    private void write(long... steps) throws IOException {
        for (long step : steps) {
            Files.createFile(directory.resolve(String.format("step-%010d.zip", step)));
        }
    }

    private List<Long> steps() throws IOException {
        return store(local).list().stream().map(CheckpointStore::step).toList();
    }
}
