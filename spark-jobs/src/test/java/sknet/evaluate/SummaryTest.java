package sknet.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {

    @Test
    void theDeviationIsThatOfASample() {
        Statistic statistic = Statistic.of(List.of(20.0, 21.0, 22.0));
        assertEquals(new Statistic(21, 1, 3), statistic);
        assertEquals("21.00 ± 1.00", statistic.toString());
        assertEquals("20.79", Statistic.of(List.of(20.79)).toString());
        assertEquals("Cannot average: there are no runs",
            assertThrows(IllegalArgumentException.class, () -> Statistic.of(List.of())).getMessage());
    }

    @Test
    void eachCropSizeThatAllRunsHaveIsAveragedByItself() {
        Summary summary = Summary.of(List.of(new Summary.Run("run-1", result(1, 20, 224, 320), 0),
            new Summary.Run("run-2", result(1, 40, 320, 64, 224), 0)));
        assertEquals(List.of(224, 320), summary.crops().stream().map(Summary.Crop::cropSize).toList());
        assertEquals((2.0 + 3.8) / 2, summary.crops().get(0).top1Error().mean(), 1e-9);
        assertEquals((1.9 + 4.0) / 2, summary.crops().get(1).top1Error().mean(), 1e-9);
        assertEquals("Cannot average 2 runs: no crop size is common to them (expected at least one)", assertThrows(IllegalArgumentException.class,
            () -> Summary.of(List.of(new Summary.Run("run-1", result(1, 20, 224), 0), new Summary.Run("run-2", result(1, 40, 320), 0)))).getMessage());
    }

    @Test
    void resultsAreReadInTheOrderOfTheirStepsAndTheBestIsThatOfTheFirstCrop(@TempDir java.nio.file.Path directory) throws IOException {
        FileSystem fileSystem = FileSystem.getLocal(new Configuration());
        Path run = new Path(directory.toUri());
        assertEquals(List.of(), EvaluationResult.readAll(fileSystem, run));
        List<EvaluationResult> results = List.of(result(2, 30, 224, 320), result(10, 20, 224), result(100, 40, 224));
        for (int i : new int[] {2, 0, 1}) {
            results.get(i).save(fileSystem, run);
        }
        assertEquals(results, EvaluationResult.readAll(fileSystem, run));
        assertEquals(OptionalLong.of(10), EvaluationResult.best(fileSystem, run));
    }

    @Test
    void aResultOfAnEarlierVersionIsNamed(@TempDir java.nio.file.Path directory) throws IOException {
        Files.createDirectory(directory.resolve("evaluation"));
        Files.writeString(directory.resolve("evaluation/step-0000000010.json"), """
            {"checkpoint": "c", "epoch": 1, "step": 10, "tally": {"images": 50, "top1Errors": 5, "top5Errors": 0}, "top1Error": 10.0,
             "top5Error": 0.0, "provenance": {}}""");
        String message = assertThrows(IOException.class,
            () -> EvaluationResult.readAll(FileSystem.getLocal(new Configuration()), new Path(directory.toUri()))).getMessage();
        assertTrue(message.startsWith("Cannot read file:" + directory + "/evaluation/step-0000000010.json: "), message);
        assertTrue(message.endsWith(" (expected a result of this version: evaluate its checkpoint again, or delete it)"), message);
    }

    /** Of 1,000 images, and one error fewer at each further crop size. */
    private static EvaluationResult result(long step, int errors, int... sizes) {
        List<CropResult> crops = IntStream.range(0, sizes.length).mapToObj(i -> {
            Tally tally = new Tally(1000, errors - i, 0);
            return new CropResult(sizes[i], sizes[i], tally, tally.top1Error(), tally.top5Error());
        }).toList();
        return new EvaluationResult("c", 1, step, crops, Map.of("model.name", "sknet-50"));
    }
}
