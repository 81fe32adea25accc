package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.experiment.RowState;
import sknet.experiment.RunState.Phase;
import sknet.train.StopWish;

class ExperimentJobTest {

    private static final Path FILES = Path.of("../conf/experiments");

    @TempDir
    private static Path shared;
    private static JavaSparkContext spark;
    private static String data;

    @BeforeAll
    static void prepare() throws IOException {
        spark = new JavaSparkContext(new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1"));
        Path images = ImageFolder.write(shared.resolve("images"), 16, 8);
        data = shared.resolve("data").toUri().toString();
        PrepareArguments.prepare(spark, new Settings.Prepare(20_000, 1, 0), new FolderSource(images.toUri().toString()), Encoding.ORIGINAL, data,
            Overwrite.REFUSE);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void whatIsDoneIsNotDoneAgainAndWhatIsMissingIs(@TempDir Path output) throws Exception {
        String file = file(output, "{ model = sknet-fashion, label = SK }, { model = resnext-fashion, label = ResNeXt }");
        PlannedExperiment one = planned(file, "train.runs=1", "model.image-size=16");
        assertEquals(Phase.WAITING, states(one, output).get(0).runs().get(0).phase());
        run(one.only(List.of("sknet-fashion")), output);
        Path first = output.resolve("tiny/sknet-fashion/run-1");
        List<FileTime> before = times(first);
        PlannedExperiment three = planned(file, "train.runs=3", "model.image-size=16");
        assertEquals(List.of(Phase.DONE, Phase.WAITING, Phase.WAITING), phases(states(three, output).get(0)));
        run(three, output);
        assertEquals(before, times(first), "nothing is written to a run that is done");
        for (RowState state : states(three, output)) {
            assertEquals(List.of(Phase.DONE, Phase.DONE, Phase.DONE), phases(state));
            assertEquals(3, state.top1Error(16).orElseThrow().runs());
        }

        PlannedExperiment longer = planned(file, "train.epochs=2", "model.image-size=16", "train.runs=1");
        assertEquals(List.of(Phase.STARTED), phases(states(longer, output).get(0)));
        assertEquals(1, states(longer, output).get(0).runs().get(0).epoch());
        PlannedExperiment otherCrop = planned(file, "evaluate.crop-sizes=[16,24]", "model.image-size=16", "train.runs=1");
        assertEquals(List.of(Phase.TRAINED), phases(states(otherCrop, output).get(0)));
        run(otherCrop.only(List.of("sknet-fashion")), output);
        assertTrue(states(otherCrop, output).get(0).top1Error(24).isPresent());
    }

    @Test
    void runsOfOtherSettingsAreRefusedAndNamed(@TempDir Path output) throws Exception {
        String file = file(output, "{ model = sknet-fashion }");
        run(planned(file, "train.runs=1", "model.image-size=16"), output);
        PlannedExperiment other = planned(file, "train.runs=1", "model.image-size=16", "optimizer.momentum=0.8");
        String message = assertThrows(InvalidSettingsException.class, () -> states(other, output)).getMessage();
        assertTrue(message.contains("tiny/sknet-fashion/run-1: optimizer.momentum was 0.9 and is 0.8 (expected the same settings, or another --output)"), message);
    }

    @Test
    void aRunThatFailsDoesNotStopTheOthers(@TempDir Path output) throws Exception {
        String file = file(output, "{ model = sknet-fashion, settings { batch.micro-batch-size = 400 } }, { model = resnext-fashion }");
        PlannedExperiment planned = planned(file, "train.runs=1", "model.image-size=16");
        String message = assertThrows(IOException.class, () -> run(planned, output)).getMessage();
        assertTrue(message.startsWith("1 of 2 runs failed (sknet-fashion, seed 1): Cannot train on "), message);
        assertEquals(List.of(Phase.DONE), phases(states(planned, output).get(1)));
    }

    @Test
    void theReportNamesWhatIsDone(@TempDir Path output) throws Exception {
        String file = file(output, "{ model = sknet-fashion, label = SK, paper { \"16\" = 12.5 } }, { model = resnext-fashion, label = ResNeXt }");
        run(planned(file, "train.runs=2", "model.image-size=16").only(List.of("sknet-fashion")), output);
        Path page = output.resolve("page.html");
        String[] settings = {"--set", "train.runs=2", "--set", "model.image-size=16", "--set", "train.epochs=1", "--set", "train.executors=1",
            "--set", "batch.micro-batches=1"};
        List<String> arguments = new ArrayList<>(List.of("experiment", "report", file, page.toString(), "--output", output.toUri().toString()));
        arguments.addAll(List.of(settings));
        assertEquals(0, Main.run(arguments.toArray(String[]::new)));
        String html = Files.readString(page);
        assertTrue(html.contains("2 of 4 runs are done"), html);
        assertTrue(html.contains("<td>not run</td>"), html);
        assertFalse(html.contains("{{"), "every place is filled");
        arguments.set(1, "status");
        arguments.remove(3);
        assertEquals(0, Main.run(arguments.toArray(String[]::new)));
    }

    private static String file(Path directory, String rows) throws IOException {
        return Files.writeString(directory.resolve("tiny.conf"), "include required(file(\"" + FILES.toAbsolutePath().normalize()
            + "/recipe-fashion.conf\"))\nbatch.micro-batch-size = 8\nexperiment { dataset = tiny, rows = [" + rows + "] }").toString();
    }

    private static PlannedExperiment planned(String file, String... overrides) {
        List<String> arguments = new ArrayList<>();
        for (String override : List.of("train.epochs=1", "train.executors=1", "batch.micro-batches=1", "evaluate.batch-size=8")) {
            arguments.addAll(List.of("--set", override));
        }
        for (String override : overrides) {
            arguments.addAll(List.of("--set", override));
        }
        return PlannedExperiment.of(ExperimentReader.read(file), ExperimentReaderTest.options(arguments.toArray(String[]::new)));
    }

    private static void run(PlannedExperiment planned, Path output) throws IOException, InterruptedException {
        new ExperimentJob(spark, planned, data, new org.apache.hadoop.fs.Path(output.toUri()), new StopWish()).run();
    }

    private static List<RowState> states(PlannedExperiment planned, Path output) throws IOException {
        return planned.states(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(output.toUri()));
    }

    private static List<Phase> phases(RowState state) {
        return state.runs().stream().map(run -> run.phase()).toList();
    }

    private static List<FileTime> times(Path directory) throws IOException {
        List<FileTime> times = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted().toList()) {
                times.add(Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
