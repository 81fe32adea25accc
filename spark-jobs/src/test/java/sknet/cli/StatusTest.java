package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.CheckpointInfo;
import sknet.checkpoint.Position;

/** What {@code sknet status} says of directories as trainings leave them. Their checkpoints hold nothing but what they say of themselves. */
class StatusTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG_AGO = Duration.ofHours(2);

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Instant now = Instant.now();
    @TempDir
    private Path training;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @Test
    void ofARunThatGoesOnItSaysHowFarAndHowFastItIs() throws IOException {
        event(1, "started", 0, Duration.ofMinutes(30), "");
        checkpoint(1, new Position(1, 0, 100), Duration.ofMinutes(10));
        history(1, 100, 0.75, 64, 100);
        progress(1, 150, 400, 1, 0.5, Duration.ofSeconds(20), 1);
        JsonNode run = json().get("runs").get(0);
        assertEquals("running", run.get("state").asText());
        assertEquals(List.of(1, 4, 150, 400), List.of(run.get("epoch").asInt(), run.get("epochs").asInt(), run.get("step").asInt(),
            run.get("totalSteps").asInt()));
        assertEquals(0.5, run.get("loss").asDouble());
        assertEquals(64, run.get("imagesPerSecond").asDouble());
        assertEquals(250 * 16 / 64, run.get("secondsLeft").asInt());
        assertEquals(100, run.get("checkpoint").get("step").asInt());
        assertFalse(run.get("checkpoint").get("evaluated").asBoolean());
        assertEquals(0, run.get("problems").size());
        assertEquals(List.of("running", "not started"), states());
        assertTrue(json().get("next").asText().endsWith(" --watch"));
        assertEquals(0, Main.run("status", training.toString(), "--check"), this::output);
    }

    @Test
    void aDriverThatIsSilentIsTakenForGoneAndTheCommandThatGoesOnIsPrintedWhole() throws IOException {
        event(7, "started", 0, LONG_AGO.plusMinutes(1), "");
        checkpoint(7, new Position(0, 32, 2), LONG_AGO);
        progress(7, 3, 400, 0, 0.5, LONG_AGO.minusMinutes(1), 1);
        assertEquals(1, Main.run("status", training.toString(), "--check"));
        assertTrue(output().contains("\nrun-7      silent             0/4               2/400     0.500 "), output());
        Instant lastSign = Instant.ofEpochSecond(now.minus(LONG_AGO.minusMinutes(1)).getEpochSecond());
        assertTrue(output().contains("\nrun-7: no sign of life since " + lastSign + ": its driver was killed, or does not reach the file system\n"), output());
        assertTrue(output().contains("\nnext: ./sknet train --data hdfs://namenode/data --output file:" + training + " --set batch.micro-batch-size=8"
            + " --set batch.micro-batches=2 --set model.name=sknet-26 --set 'optimizer.decay-epochs=[1, 2.5]' --set train.epochs=4 --set train.runs=2"
            + " --set train.seed=7\n"), output());
    }

    @Test
    void theNextCommandHasTheSettingsOfTheCheckpoint() throws Exception {
        event(7, "started", 0, LONG_AGO, "");
        checkpoint(7, new Position(0, 32, 2), LONG_AGO);
        String next = json().get("next").asText();
        // As a shell takes it apart.
        Process shell = new ProcessBuilder("bash", "-c", "printf '%s\\n' " + next.substring(next.indexOf("--set"))).start();
        List<String> words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        Map<String, String> settings = Settings.load(List.of(), List.of(), words.stream().filter(word -> !word.equals("--set")).toList()).effective();
        assertEquals(settings(7), withoutData(settings));
    }

    @Test
    void aFailureIsToldAndSoAreFaults() throws IOException {
        event(1, "started", 0, LONG_AGO, "");
        event(1, "restarted", 100, LONG_AGO.minusMinutes(1), "executor 1 is lost");
        event(1, "corrupt", 110, LONG_AGO.minusMinutes(2), "Cannot read record 3");
        event(1, "failed", 110, LONG_AGO.minusMinutes(3), "no new checkpoint since step 100");
        checkpoint(1, new Position(1, 0, 100), LONG_AGO);
        assertEquals(1, Main.run("status", training.toString(), "--check"));
        assertTrue(output().contains("\nrun-1      failed             1/4             100/400 "), output());
        assertTrue(output().contains("\nrun-1: it failed: no new checkpoint since step 100\n"), output());
        assertTrue(output().contains("\nrun-1: restarts: 1, the last 20"), output());
        assertTrue(output().contains(" at step 100: executor 1 is lost\n"), output());
        assertTrue(output().contains("\nrun-1: corrupt records that others took the place of: 1, the last: Cannot read record 3\n"), output());
    }

    @Test
    void aRunThatWasToldToStopIsNoProblem() throws IOException {
        event(1, "started", 0, LONG_AGO, "");
        event(1, "stopped", 100, LONG_AGO.minusMinutes(3), "");
        checkpoint(1, new Position(1, 0, 100), LONG_AGO);
        assertEquals(List.of("stopped", "not started"), states());
        assertEquals(0, Main.run("status", training.toString(), "--check"), this::output);
    }

    @Test
    void finishedRunsAreToBeEvaluatedAndThenReported() throws IOException {
        for (int seed = 1; seed <= 2; seed++) {
            event(seed, "started", 0, LONG_AGO, "");
            event(seed, "finished", 400, LONG_AGO.minusMinutes(3), "");
            checkpoint(seed, new Position(4, 0, 400), LONG_AGO);
        }
        evaluation(1, 400, 25);
        assertEquals(List.of("finished", "finished"), states());
        assertEquals("./sknet evaluate file:" + training + " --data hdfs://namenode/data", json().get("next").asText());
        evaluation(2, 300, 24);
        evaluation(2, 400, 26);
        JsonNode json = json();
        assertEquals("./sknet report file:" + training + " report.html", json.get("next").asText());
        assertEquals(300, json.get("runs").get(1).get("best").get("step").asInt());
        assertEquals(24, json.get("runs").get(1).get("best").get("top1Error").asDouble());
        assertTrue(json.get("runs").get(1).get("checkpoint").get("evaluated").asBoolean());
    }

    @Test
    void aDamagedCheckpointAndAnOldResultAreToldAndTheOneBeforeCounts() throws IOException {
        event(1, "started", 0, LONG_AGO, "");
        event(1, "stopped", 100, LONG_AGO.minusMinutes(3), "");
        checkpoint(1, new Position(1, 0, 100), LONG_AGO);
        Files.writeString(training.resolve("run-1/checkpoints/step-0000000200.zip"), "torn");
        write(training.resolve("run-1/evaluation/step-0000000100.json"), Map.of("top1Error", 3), LONG_AGO);
        JsonNode run = json().get("runs").get(0);
        assertEquals(100, run.get("step").asInt());
        assertEquals(2, run.get("checkpoints").get("files").asInt());
        assertTrue(run.get("problems").get(0).asText().contains("/run-1/checkpoints/step-0000000200.zip: its first entry is not sknet.json"),
            run::toString);
        assertTrue(run.get("problems").get(1).asText().contains("(expected a result of this version: evaluate its checkpoint again"), run::toString);
    }

    @Test
    void aLossThatIsNoNumberAndAStandstillAreProblems() throws IOException {
        event(1, "started", 0, LONG_AGO, "");
        checkpoint(1, new Position(1, 0, 100), LONG_AGO);
        progress(1, 150, 400, 1, Double.NaN, Duration.ofSeconds(20), 900);
        JsonNode problems = json().get("runs").get(0).get("problems");
        assertTrue(problems.get(0).asText().startsWith("no step for 15 minutes: "), problems::toString);
        assertTrue(problems.get(1).asText().startsWith("its loss is NaN: "), problems::toString);
    }

    @Test
    void oneRunCanBeAskedFor() throws IOException {
        checkpoint(1, new Position(0, 0, 0), LONG_AGO);
        checkpoint(2, new Position(4, 0, 400), LONG_AGO);
        assertEquals(List.of("not started", "finished"), states());
        out.reset();
        assertEquals(0, Main.run("status", training.resolve("run-2").toString()));
        assertFalse(output().contains("run-1"), output());
        assertTrue(output().contains("\nrun-2      finished "), output());
    }

    @Test
    void whatIsNoTrainingIsToldInOneLine() throws IOException {
        assertEquals(2, Main.run("status", training.resolve("none").toString()));
        assertEquals("sknet: Cannot open file:" + training + "/none: there is no such directory (expected train's --output)\n", errors());
        err.reset();
        assertEquals(2, Main.run("status", training.toString()));
        assertEquals("sknet: Cannot open file:" + training + ": it has no run-SEED directory (expected train's --output)\n", errors());
        err.reset();
        assertEquals(1, Main.run("status", "hdfs://127.0.0.1:1/runs"));
        assertTrue(errors().startsWith("sknet: Cannot reach hdfs://127.0.0.1:1: Connection refused"), errors());
    }

    private JsonNode json() throws IOException {
        out.reset();
        assertEquals(0, Main.run("status", training.toString(), "--json"), this::errors);
        return JSON.readTree(output());
    }

    private List<String> states() throws IOException {
        List<String> states = new ArrayList<>();
        json().get("runs").forEach(run -> states.add(run.get("state").asText()));
        return states;
    }

    /** All that the training of a run reads, as it goes into checkpoints. */
    private static Map<String, String> settings(int seed) {
        return withoutData(Settings.load(List.of(), List.of(), List.of("model.name=sknet-26", "batch.micro-batches=2", "batch.micro-batch-size=8",
            "optimizer.decay-epochs=[1, 2.5]", "train.epochs=4", "train.runs=2", "train.seed=" + seed)).effective());
    }

    private static Map<String, String> withoutData(Map<String, String> settings) {
        Map<String, String> own = new TreeMap<>(settings);
        own.remove("dataset");
        return own;
    }

    private void checkpoint(int seed, Position position, Duration age) throws IOException {
        Map<String, String> provenance = settings(seed);
        provenance.put("dataset", "hdfs://namenode/data");
        Path file = training.resolve(String.format("run-%d/checkpoints/step-%010d.zip", seed, position.step()));
        Files.createDirectories(file.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("sknet.json"));
            zip.write(JSON.writeValueAsBytes(new CheckpointInfo(CheckpointInfo.FORMAT_VERSION, position, "0", null, provenance)));
        }
        age(file, age);
    }

    private void event(int seed, String kind, long step, Duration age, String detail) throws IOException {
        long millis = now.minus(age).toEpochMilli();
        write(training.resolve("run-" + seed + "/events/" + millis + "-" + kind + ".json"),
            Map.of("epochMillis", millis, "kind", kind.toUpperCase(Locale.ROOT), "step", step, "repeated", 0, "detail", detail), age);
    }

    private void history(int seed, long step, double loss, double imagesPerSecond, double seconds) throws IOException {
        write(training.resolve(String.format("run-%d/history/step-%010d.jsonl", seed, step)), report(step, 0, loss, imagesPerSecond, seconds), LONG_AGO);
    }

    private static Map<String, Object> report(long step, int epoch, double loss, double imagesPerSecond, double seconds) {
        Map<String, Object> report = new TreeMap<>(Map.of("step", step, "epoch", epoch, "loss", loss, "learningRate", 0.1, "seconds", seconds,
            "imagesPerSecond", imagesPerSecond));
        Arrays.asList("dataShare", "syncShare", "exchangeShare", "corrupt").forEach(name -> report.put(name, 0));
        return report;
    }

    private void progress(int seed, long step, long totalSteps, int epoch, double loss, Duration age, int silenceSeconds) throws IOException {
        write(training.resolve("run-" + seed + "/progress.json"), Map.of("step", step, "totalSteps", totalSteps, "epochs", 4, "silenceSeconds",
            silenceSeconds, "last", report(step, epoch, loss, 40, 10)), age);
    }

    private void evaluation(int seed, long step, double error) throws IOException {
        Map<String, Object> crop = Map.of("cropSize", 224, "resize", 256, "tally", Map.of("images", 100, "top1Errors", (int) error, "top5Errors", 1),
            "top1Error", error, "top5Error", 1);
        write(training.resolve(String.format("run-%d/evaluation/step-%010d.json", seed, step)), Map.of("checkpoint", "c", "epoch", 4, "step", step,
            "crops", List.of(crop), "provenance", Map.of()), LONG_AGO);
    }

    private static void write(Path file, Object content, Duration age) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, JSON.writeValueAsString(content) + "\n");
        age(file, age);
    }

    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
