package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import sknet.cli.PlannedExperiment.Row;
import sknet.experiment.Experiment;

class ExperimentReaderTest {

    @ParameterizedTest
    @CsvSource({"table-2, 17", "table-3, 5", "table-4, 8", "table-5-cifar-10, 5", "table-5-cifar-100, 5", "table-6, 5", "table-7, 11", "table-s8, 4",
        "figure-2, 17", "figures-3-4, 1", "fashion-table, 3"})
    void everyExperimentOfTheProgramHasItsRowsAndIsFreeOfProblems(String name, int rows) {
        assertEquals(rows, planned(name).rows().size());
    }

    @Test
    void largeModelsAreTrainedByThePapersRecipe() {
        Row row = planned("table-2").rows().get(6);
        assertEquals("sknet-50", row.settings().model().name());
        assertEquals(Map.of(224, 20.79, 320, 19.32), row.row().paper());
        assertEquals(256, row.settings().batch().microBatches() * row.settings().batch().microBatchSize());
        assertEquals(new Settings.Optimizer(0.1, Settings.Schedule.STEP, List.of(30.0, 60.0, 90.0), 0.1, 0, 0.9, 1e-4, Settings.WeightDecayOn.ALL, 0, 0.1, 0),
            row.settings().optimizer());
        assertEquals(List.of(100, 8, 3), List.of(row.settings().train().epochs(), row.settings().train().executors(), row.settings().train().runs()));
        assertEquals(List.of(224, 320), row.goal().crops());
        assertEquals(List.of(1L, 2L, 3L), row.seeds());
    }

    @Test
    void lightModelsHaveLessWeightDecayAndLargerCrops() {
        Row row = planned("table-4").rows().get(7);
        assertEquals(4e-5, row.settings().optimizer().weightDecay());
        assertEquals(0.25, row.settings().augmentation().minArea());
        assertEquals(List.of(224), row.goal().crops());
    }

    @Test
    void cifarHasARecipeOfItsOwn() {
        for (String classes : List.of("10", "100")) {
            Settings settings = planned("table-5-cifar-" + classes).rows().get(4).settings();
            assertEquals(classes.equals("10") ? 0.1 : 0.05, settings.optimizer().learningRate());
            assertEquals(List.of(150.0, 225.0), settings.optimizer().decayEpochs());
            assertEquals(5e-4, settings.optimizer().weightDecay());
            assertEquals(Settings.AugmentationKind.PAD_CROP, settings.augmentation().kind());
            assertEquals(128, settings.batch().microBatches() * settings.batch().microBatchSize());
            assertEquals(List.of(300, 2, 10), List.of(settings.train().epochs(), settings.train().executors(), settings.train().runs()));
        }
    }

    @Test
    void theUsersSettingsWinOverTheFilesAndARowsOwnOverThose(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("mine.conf"), """
            train.epochs = 7
            train.runs = 2
            experiment {
              dataset = d
              rows = [{ model = sknet-fashion, id = a, settings { train.runs = 5 } }, { model = sknet-fashion, id = b }]
            }
            """);
        List<Row> rows = planned(file.toString(), "--set", "train.epochs=9").rows();
        assertEquals(List.of(5, 2), rows.stream().map(row -> row.settings().train().runs()).toList());
        assertEquals(List.of(9, 9), rows.stream().map(row -> row.settings().train().epochs()).toList());
    }

    @Test
    void allProblemsOfAFileAreToldAtOnce(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("mine.conf"), """
            experiment {
              titel = "x"
              evaluate = often
              attention.scales = [0.5]
              rows = [{ label = "no model" }, { model = sknet-50, paper { "224" = good } }]
            }
            """);
        String message = assertThrows(InvalidSettingsException.class, () -> ExperimentReader.read(file.toString())).getMessage();
        for (String part : List.of("6 problems", "Cannot use key titel in experiment: it is unknown (expected one of attention, dataset, ",
            "Cannot use experiment.evaluate: often (expected last or every)", "Cannot use experiment.attention.scales: [0.5] (expected numbers of at least 1)",
            "mine.conf: 5): it has no model", "paper.224 is good (expected a crop size, and the paper's error in percent)",
            "Cannot use experiment.dataset: it is missing")) {
            assertTrue(message.contains(part), part + " in " + message);
        }
    }

    @Test
    void allProblemsOfTheSettingsOfItsRowsAreToldAtOnce(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("mine.conf"), """
            optimizer.learning-rate = -1
            experiment {
              dataset = d
              rows = [{ model = sknet-51 }, { model = sknet-50, settings { train.epoch = 1 } }, { model = sknet-50 }]
            }
            """);
        Experiment experiment = ExperimentReader.read(file.toString());
        String message = assertThrows(InvalidSettingsException.class, () -> PlannedExperiment.of(experiment, options("--set", "batch.micro-batches=0"))).getMessage();
        for (String part : List.of("4 problems", "Cannot use optimizer.learning-rate: -1", "Cannot use key train.epoch ", "Cannot use batch.micro-batches: 0",
            "Cannot use row sknet-50: there are two of it")) {
            assertTrue(message.contains(part), part + " in " + message);
        }
    }

    @Test
    void whatIsNoExperimentIsNamed(@TempDir Path directory) throws IOException {
        assertEquals("Cannot read experiment table-9: there is no such file, and none of the name comes with sknet (docs/experiments.md lists those)",
            assertThrows(IllegalArgumentException.class, () -> ExperimentReader.read("table-9")).getMessage());
        String settings = Files.writeString(directory.resolve("mine.conf"), "train.epochs = 7").toString();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ExperimentReader.read(settings)).getMessage().contains("it has no group \"experiment\""));
        String broken = Files.writeString(directory.resolve("broken.conf"), "include required(\"missing.conf\")").toString();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ExperimentReader.read(broken)).getMessage().startsWith("Cannot read experiment " + broken));
    }

    static CommonOptions options(String... arguments) {
        return CommandLine.populateCommand(new CommonOptions(), arguments);
    }

    private static PlannedExperiment planned(String file, String... arguments) {
        return PlannedExperiment.of(ExperimentReader.read(file), options(arguments));
    }
}
