package sknet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.train.TrainingObserver.Resumed;

class SignsOfLifeTest {

    private static final StepMetrics REPORT = new StepMetrics(7, 1, 0.5, 0.1, 2, 32, 0, 0, 0, 0);

    @TempDir
    private java.nio.file.Path directory;
    private FileSystem local;
    private Path run;

    @BeforeEach
    void open() throws IOException {
        local = new RawLocalFileSystem();
        local.initialize(URI.create("file:///"), new Configuration());
        run = new Path(directory.toUri());
    }

    @Test
    void theFirstSignComesWhenTheRunStartsAndTheLastWhenItEnds() throws Exception {
        try (SignsOfLife signs = new SignsOfLife(local, run, 4)) {
            signs.started(5, 20, Resumed.FROM_CHECKPOINT);
            while (RunProgress.read(local, run).isEmpty()) {
                Thread.sleep(10);
            }
            RunProgress first = RunProgress.read(local, run).orElseThrow().progress();
            assertEquals(new RunProgress(5, 20, 4, first.silenceSeconds(), null), first);
            signs.stepped(REPORT);
            assertEquals(7, signs.step());
        }
        RunProgress.Written last = RunProgress.read(local, run).orElseThrow();
        assertEquals(new RunProgress(7, 20, 4, last.progress().silenceSeconds(), REPORT), last.progress());
        assertTrue(Math.abs(System.currentTimeMillis() - last.epochMillis()) < 60_000);
        assertTrue(last.progress().silenceSeconds() < 60);
        assertEquals(List.of(RunProgress.FILE), Arrays.stream(local.listStatus(run)).map(FileStatus::getPath).map(Path::getName).toList());
    }

    @Test
    void aRunThatNeverStartedGivesNone() throws IOException {
        new SignsOfLife(local, run, 4).close();
        assertEquals(Optional.empty(), RunProgress.read(local, run));
        assertEquals(Optional.empty(), RunProgress.read(local, new Path(run, "none")));
    }

    @Test
    void aFileSystemThatRefusesThemFailsNothing() throws IOException {
        FileSystem full = new FilterFileSystem(local) {
            @Override
            public FSDataOutputStream create(Path path, boolean overwrite) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        try (SignsOfLife signs = new SignsOfLife(full, run, 4)) {
            signs.started(0, 20, Resumed.NEW_RUN);
        }
        assertFalse(local.exists(new Path(run, RunProgress.FILE)));
    }
}
