package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.cli.PlannedExperiment.Row;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.experiment.RowState;
import sknet.experiment.RunState.Phase;
import sknet.model.ModelCatalogue;
import sknet.train.StopWish;

/** Every experiment that comes with the program, in miniature. */
class ExperimentFilesIT {

    private static final Path FILES = Path.of("../conf/experiments");
    private static final String[] MINIATURE = {"--set", "model.image-size=32", "--set", "evaluate.crop-sizes=[32]", "--set", "evaluate.batch-size=8",
        "--set", "train.runs=1", "--set", "train.epochs=1", "--set", "train.executors=1", "--set", "batch.micro-batches=1", "--set", "batch.micro-batch-size=8"};

    /** Of each file the smallest model; the others differ by a name that is known, and what they are differs in core-model alone. */
    @Test
    void everyExperimentRuns(@TempDir Path directory) throws Exception {
        List<String> names;
        try (Stream<Path> files = Files.list(FILES)) {
            names = files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith("recipe-")).sorted().toList();
        }
        assertEquals(11, names.size());
        try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1"))) {
            String data = data(spark, directory);
            org.apache.hadoop.fs.Path output = new org.apache.hadoop.fs.Path(directory.resolve("experiments").toUri());
            for (String name : names) {
                PlannedExperiment whole = PlannedExperiment.of(ExperimentReader.read(FILES.resolve(name).toString()), ExperimentReaderTest.options(MINIATURE));
                PlannedExperiment planned = whole.only(List.of(smallest(whole)));
                new ExperimentJob(spark, planned, data, output, new StopWish()).run();
                RowState state = planned.states(FileSystem.getLocal(new Configuration()), output).get(0);
                assertEquals(Phase.DONE, state.runs().get(0).phase(), name);
                assertTrue(state.top1Error(32).isPresent(), name);
                if (planned.experiment().attention().isPresent()) {
                    Path page = directory.resolve("experiments/imagenet/sknet-50/attention-step-2/attention.html");
                    assertTrue(Files.readString(page).contains("SK_3_4"), "Figures 3 and 4 are there");
                }
            }
        }
    }

    private static String smallest(PlannedExperiment planned) {
        return planned.rows().stream().map(Row::row)
            .min(Comparator.comparing(row -> ModelCatalogue.named(row.settings().getString("model.name")).paper().millions(),
                Comparator.nullsFirst(Comparator.naturalOrder()))).orElseThrow().id();
    }

    private static String data(JavaSparkContext spark, Path directory) throws IOException {
        Path images = ImageFolder.write(directory.resolve("images"), 16, 8);
        String data = directory.resolve("data").toUri().toString();
        PrepareArguments.prepare(spark, new Settings.Prepare(20_000, 1, 0), new FolderSource(images.toUri().toString()), Encoding.ORIGINAL, data,
            Overwrite.REFUSE);
        return data;
    }
}
