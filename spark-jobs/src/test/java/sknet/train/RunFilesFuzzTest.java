package sknet.train;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.evaluate.EvaluationResult;
import sknet.fuzz.Fuzzing;
import sknet.fuzz.Fuzzing.Finding;
import sknet.fuzz.Mutations;

/** Whatever becomes of the small files of a run, they are read, or refused with a reason that names the file. */
class RunFilesFuzzTest {

    @TempDir
    private java.nio.file.Path directory;
    private FileSystem local;

    @BeforeEach
    void open() throws IOException {
        local = new RawLocalFileSystem();
        local.initialize(URI.create("file:///"), new Configuration());
    }

    /** Reads all of a run's files of a kind. */
    private interface RunFiles {
        List<?> read(Path run) throws IOException;
    }

    @Test
    void results() throws IOException {
        fuzz("results of evaluations", "evaluation/step-0000000012.json", """
            {"checkpoint" : "hdfs://host/run-1/checkpoints/step-0000000012.zip", "epoch" : 2, "step" : 12,
             "crops" : [ {"cropSize" : 28, "resize" : 32, "tally" : {"images" : 50, "top1Errors" : 10, "top5Errors" : 2},
               "top1Error" : 20.0, "top5Error" : 4.0} ],
             "provenance" : {"dataset" : "/data", "evaluation.weights" : "raw"}}""", run -> EvaluationResult.readAll(local, run));
    }

    @Test
    void histories() throws IOException {
        String line = """
            {"step":6,"epoch":0,"loss":2.25,"learningRate":0.1,"seconds":1.5,"imagesPerSecond":64.0,"dataShare":0.1,"syncShare":0.2,\
            "exchangeShare":0.05,"corrupt":0}
            """;
        fuzz("histories", "history/step-0000000012.jsonl", line + line.replace("2.25", "2.0").replace(":6", ":12"), run -> new History(local, run).read());
    }

    @Test
    void events() throws IOException {
        fuzz("events of runs", "events/1700000000000-restarted.json",
            "{\"epochMillis\":1700000000000,\"kind\":\"RESTARTED\",\"step\":4,\"repeated\":5,\"detail\":\"rank 1 is lost\"}",
            run -> new RunEvents(local, run).read());
    }

    private void fuzz(String what, String name, String content, RunFiles files) throws IOException {
        java.nio.file.Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Path run = new Path(directory.toUri());
        List<?> original = files.read(run);
        Mutations mutations = new Mutations(1, List.of(content.getBytes(StandardCharsets.UTF_8)));
        new Fuzzing(what, List.of(IOException.class), 4 << 20, 64).run(mutations::copy, damaged -> {
            Files.write(file, damaged);
            try {
                return files.read(run).equals(original) ? Finding.EQUAL : Finding.OTHER;
            } catch (IOException e) {
                if (!e.getMessage().startsWith("Cannot read file:" + file + ": ")) {
                    throw new AssertionError("its error does not name the file", e);
                }
                throw e;
            }
        });
    }
}
