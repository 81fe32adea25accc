package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.image.OnCorrupt;
import sknet.data.image.PadCrop;
import sknet.data.image.RandomResizedCrop;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.shard.DatasetManifest;
import sknet.model.Precision;
import sknet.sync.WireType;

class SettingsTest {

    /** Every key with a value that is not its default; a key that is missing here fails the test below. */
    private static final Map<String, String> OTHER_VALUES = new TreeMap<>(Map.ofEntries(
        Map.entry("model.name", "sknet-26"), Map.entry("model.image-size", "320"), Map.entry("model.batch-norm-momentum", "0.05"),
        Map.entry("model.precision", "bf16"),
        Map.entry("optimizer.learning-rate", "0.2"), Map.entry("optimizer.decay-epochs", "[1, 2.5]"),
        Map.entry("optimizer.decay-factor", "0.5"), Map.entry("optimizer.schedule", "cosine"),
        Map.entry("optimizer.warm-up-epochs", "0.75"), Map.entry("optimizer.momentum", "0.8"), Map.entry("optimizer.weight-decay", "4e-5"),
        Map.entry("optimizer.weight-decay-on", "weights"), Map.entry("optimizer.label-smoothing", "0"),
        Map.entry("optimizer.clip-norm", "2.5"), Map.entry("optimizer.ema-decay", "0.999"),
        Map.entry("batch.micro-batches", "4"), Map.entry("batch.micro-batch-size", "16"),
        Map.entry("augmentation.kind", "pad-crop"), Map.entry("augmentation.min-area", "0.25"), Map.entry("augmentation.max-area", "0.9"),
        Map.entry("augmentation.min-ratio", "0.9"), Map.entry("augmentation.max-ratio", "1.1"), Map.entry("augmentation.padding", "2"),
        Map.entry("augmentation.flip-probability", "0"), Map.entry("data.shuffle-window", "4096"), Map.entry("data.threads", "3"),
        Map.entry("data.on-corrupt", "skip"), Map.entry("train.epochs", "5"), Map.entry("train.runs", "1"),
        Map.entry("train.seed", "42"), Map.entry("train.executors", "8"), Map.entry("train.cache-bytes", "1M"),
        Map.entry("train.checkpoint-every-steps", "100"), Map.entry("train.checkpoint-interval", "30 minutes"),
        Map.entry("train.wire", "bf16"), Map.entry("train.report-every-steps", "5"),
        Map.entry("train.sync-timeout", "30 seconds"), Map.entry("train.storage-timeout", "20 seconds"),
        Map.entry("train.max-restarts", "0"), Map.entry("train.keep-checkpoints", "5"), Map.entry("evaluate.crop-sizes", "[320]"),
        Map.entry("evaluate.resize", "366"), Map.entry("evaluate.batch-size", "10"), Map.entry("evaluate.poll-interval", "5 seconds"),
        Map.entry("evaluate.idle-timeout", "6 hours"), Map.entry("prepare.shard-bytes", "1M"),
        Map.entry("prepare.seed", "9"), Map.entry("prepare.max-rejected", "0")));

    @Test
    void theDefaultsAreThePapersRecipe() {
        Settings settings = load();
        assertEquals(new Settings.Model("sknet-50", 224, 0.1, Precision.FP32), settings.model());
        assertEquals(new Settings.Optimizer(0.1, Settings.Schedule.STEP, List.of(30.0, 60.0, 90.0), 0.1, 0, 0.9, 1e-4,
            Settings.WeightDecayOn.ALL, 0, 0.1, 0),
            settings.optimizer());
        assertEquals(new Settings.Batch(8, 32), settings.batch());
        assertEquals(new RandomResizedCrop(224, 0.08, 1, 0.75, 1.3333333333, 0.5), settings.augmentation().transform(224));
        assertEquals(new Settings.Data(0, 0, OnCorrupt.ERROR), settings.data());
        assertEquals(new Settings.Train(100, 3, 1, 0, 512 << 20, 0, Duration.ZERO, 20, WireType.FP32, Duration.ofMinutes(10),
            Duration.ofMinutes(2), 3, 0), settings.train());
        assertEquals(new Settings.Evaluate(List.of(), 0, 64, Duration.ofSeconds(30), Duration.ZERO), settings.evaluate());
        assertEquals(new Settings.Prepare(128 << 20, 1, 1000), settings.prepare());
    }

    @Test
    void everyKeyIsReadIntoItsRecord() {
        Settings settings = load(OTHER_VALUES.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
            .toArray(String[]::new));
        assertEquals(new Settings.Model("sknet-26", 320, 0.05, Precision.BF16), settings.model());
        assertEquals(new Settings.Optimizer(0.2, Settings.Schedule.COSINE, List.of(1.0, 2.5), 0.5, 0.75, 0.8, 4e-5,
            Settings.WeightDecayOn.WEIGHTS, 2.5, 0, 0.999),
            settings.optimizer());
        assertEquals(new Settings.Batch(4, 16), settings.batch());
        assertEquals(new Settings.Augmentation(Settings.AugmentationKind.PAD_CROP, 0.25, 0.9, 0.9, 1.1, 2, 0), settings.augmentation());
        assertEquals(new PadCrop(320, 2, 0), settings.augmentation().transform(320));
        assertEquals(new Settings.Data(4096, 3, OnCorrupt.SKIP), settings.data());
        assertEquals(new Settings.Train(5, 1, 42, 8, 1 << 20, 100, Duration.ofMinutes(30), 5, WireType.BF16, Duration.ofSeconds(30),
            Duration.ofSeconds(20), 0, 5), settings.train());
        assertEquals(new Settings.Evaluate(List.of(320), 366, 10, Duration.ofSeconds(5), Duration.ofHours(6)), settings.evaluate());
        assertEquals(new Settings.Prepare(1 << 20, 9, 0), settings.prepare());
    }

    @Test
    void noKeyIsForgottenByTheTests() {
        assertEquals(load().effective().keySet(), OTHER_VALUES.keySet());
    }

    @Test
    void aSplitIsShuffledWholeWhereItIsSmallOrTheWindowHoldsIt() {
        DatasetManifest.Split small = split(20_000, 512L << 20);
        DatasetManifest.Split large = split(20_000, (512L << 20) + 1);
        assertEquals(0, load().data().readingPlan(small, 0).shuffleWindow());
        assertEquals(16_384, load().data().readingPlan(large, 0).shuffleWindow());
        assertEquals("windows of 16384", load().data().readingPlan(large, 0).orderName());
        assertEquals(1000, load("data.shuffle-window=1000").data().readingPlan(small, 0).shuffleWindow());
        assertEquals(0, load("data.shuffle-window=20000").data().readingPlan(large, 0).shuffleWindow());
        assertEquals("whole", load("data.shuffle-window=20000").data().readingPlan(large, 0).orderName());
    }

    private static DatasetManifest.Split split(int records, long bytes) {
        return new DatasetManifest.Split(List.of(new DatasetManifest.Shard("shard-00000.seq", records, bytes, "0".repeat(64))),
            List.of(records));
    }

    @Test
    void withoutAugmentationTheImageIsOnlyFitted() {
        assertEquals(new ResizeCentreCrop(32, 32), load("augmentation.kind=none").augmentation().transform(32));
    }

    @Test
    void allProblemsAreReportedAtOnceWithTheKeyAndWhatWasExpected() {
        String message = message("train.epoch=3", "optimiser.momentum=0.9", "train.runs=0", "optimizer.momentum=1",
            "augmentation.kind=cutout", "train.sync-timeout=soon", "batch.micro-batches=many");
        assertTrue(message.startsWith("Cannot use the configuration: 7 problems\n"), message);
        for (String line : List.of(
            "Cannot use key optimiser.momentum (--set: 1): it is unknown (did you mean optimizer.momentum?)",
            "Cannot use key train.epoch (--set: 1): it is unknown (did you mean train.epochs?)",
            "Cannot use train.runs: 0 (expected a whole number of at least 1; from --set: 1)",
            "Cannot use optimizer.momentum: 1.0 (expected a number from 0 to below 1; from --set: 1)",
            "Cannot use augmentation.kind: cutout (expected one of random-resized-crop, pad-crop, none; from --set: 1)",
            "Cannot use train.sync-timeout: soon (expected a duration like '10 minutes'; from --set: 1)",
            "Cannot use batch.micro-batches: many (expected a whole number; from --set: 1)")) {
            assertTrue(message.contains("\n  " + line), () -> line + "\nis not in\n" + message);
        }
    }

    @Test
    void theOptionsOfTheOptimiserAreValidated() {
        String message = message("optimizer.warm-up-epochs=-0.5", "optimizer.schedule=linear", "optimizer.clip-norm=-1",
            "optimizer.ema-decay=1");
        assertTrue(message.startsWith("Cannot use the configuration: 4 problems\n"), message);
        for (String line : List.of(
            "Cannot use optimizer.warm-up-epochs: -0.5 (expected a number of at least 0; from --set: 1)",
            "Cannot use optimizer.schedule: linear (expected one of step, cosine; from --set: 1)",
            "Cannot use optimizer.clip-norm: -1.0 (expected a number of at least 0; from --set: 1)",
            "Cannot use optimizer.ema-decay: 1.0 (expected a number from 0 to below 1; from --set: 1)")) {
            assertTrue(message.contains("\n  " + line), () -> line + "\nis not in\n" + message);
        }
    }

    @Test
    void severalCropsHaveTheirOwnResize() {
        assertEquals(List.of(224, 320), load("evaluate.crop-sizes=[224, 320]").evaluate().cropSizes());
        String message = message("evaluate.crop-sizes=[224, 320]", "evaluate.resize=366");
        assertTrue(message.contains("Cannot use evaluate.resize: 366 (expected 0 where evaluate.crop-sizes has several: each has its own; from"
            + " --set: 1)"), message);
        assertTrue(message("evaluate.crop-sizes=[224, 0]").contains("expected a list of whole numbers of at least 1"));
        assertTrue(message("evaluate.crop-sizes=[224, 224]").contains("expected each size once"));
        assertTrue(message("evaluate.crop-size=224").contains("did you mean evaluate.crop-sizes?"));
    }

    @Test
    void anOverrideWinsOverAFileAndAFileOverAPreset(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("my.conf"), "train.epochs = 7\ntrain.runs = 2");
        Settings settings = Settings.load(List.of(SettingsReader.resource("demo.conf")), List.of(file), List.of("train.runs=1"));
        assertEquals("sknet-fashion", settings.model().name());
        assertEquals(7, settings.train().epochs());
        assertEquals(1, settings.train().runs());
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing.conf");
        Path broken = Files.writeString(directory.resolve("broken.conf"), "train { epochs = ");
        String message = assertThrows(InvalidSettingsException.class,
            () -> Settings.load(List.of(), List.of(missing, broken), List.of())).getMessage();
        assertTrue(message.contains("Cannot read configuration " + missing + ": there is no such file"), message);
        assertTrue(message.contains("Cannot read configuration " + broken + ": "), message);
    }

    @Test
    void theFilesInConfAreValid() {
        Settings.load(List.of(SettingsReader.resource("demo.conf")), List.of(), List.of());
        Settings.load(List.of(SettingsReader.resource("demo.conf"), SettingsReader.resource("demo-quick.conf")), List.of(), List.of());
    }

    private static Settings load(String... overrides) {
        return Settings.load(List.of(), List.of(), List.of(overrides));
    }

    private static String message(String... overrides) {
        return assertThrows(InvalidSettingsException.class, () -> load(overrides)).getMessage();
    }
}
