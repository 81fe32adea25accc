package sknet.cli;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import sknet.data.image.ImageTransform;
import sknet.data.image.OnCorrupt;
import sknet.data.image.PadCrop;
import sknet.data.image.RandomResizedCrop;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.shard.DatasetManifest;
import sknet.model.Precision;
import sknet.optimize.StepOptions;
import sknet.sync.WireType;
import sknet.train.ReadingPlan;

/**
 * The configuration as records; conf/reference.conf says what each setting means.
 *
 * @param effective every key with its value in effect, for provenance
 */
record Settings(Model model, Optimizer optimizer, Batch batch, Augmentation augmentation, Data data, Train train, Evaluate evaluate,
                Prepare prepare, Map<String, String> effective) {

    record Model(String name, int imageSize, double batchNormMomentum, Precision precision) {
    }

    record Optimizer(double learningRate, Schedule schedule, List<Double> decayEpochs, double decayFactor, double warmUpEpochs,
                     double momentum, double weightDecay, WeightDecayOn weightDecayOn, double clipNorm, double labelSmoothing,
                     double emaDecay) {

        StepOptions stepOptions() {
            return new StepOptions(clipNorm, emaDecay);
        }
    }

    enum Schedule { STEP, COSINE }

    enum WeightDecayOn { ALL, WEIGHTS }

    record Batch(int microBatches, int microBatchSize) {
    }

    record Augmentation(AugmentationKind kind, double minArea, double maxArea, double minRatio, double maxRatio, int padding,
                        double flipProbability) {

        ImageTransform transform(int imageSize) {
            return switch (kind) {
                case RANDOM_RESIZED_CROP -> new RandomResizedCrop(imageSize, minArea, maxArea, minRatio, maxRatio, flipProbability);
                case PAD_CROP -> new PadCrop(imageSize, padding, flipProbability);
                case NONE -> new ResizeCentreCrop(imageSize, imageSize);
            };
        }
    }

    enum AugmentationKind { RANDOM_RESIZED_CROP, PAD_CROP, NONE }

    record Data(int shuffleWindow, int threads, OnCorrupt onCorrupt) {

        /** What a split takes that is shuffled whole by default: as much as train.cache-bytes keeps by default. */
        private static final long WHOLE_BYTES = 512L << 20;
        /** Samples that larger ones are shuffled among by default. */
        private static final int DEFAULT_WINDOW = 16_384;

        ReadingPlan readingPlan(DatasetManifest.Split split, long cacheBytes) {
            int byDefault = split.bytes() <= WHOLE_BYTES ? split.records() : DEFAULT_WINDOW;
            int window = shuffleWindow > 0 ? shuffleWindow : byDefault;
            return new ReadingPlan(window < split.records() ? window : 0, cacheBytes, threads, onCorrupt);
        }
    }

    record Train(int epochs, int runs, long seed, int executors, long cacheBytes, int checkpointEverySteps, Duration checkpointInterval,
                 int reportEverySteps, WireType wire, Duration syncTimeout, Duration storageTimeout, int maxRestarts, int keepCheckpoints) {
    }

    /** @param cropSizes none for the size that a checkpoint was trained with */
    record Evaluate(List<Integer> cropSizes, int resize, int batchSize, Duration pollInterval, Duration idleTimeout) {
    }

    record Prepare(long shardBytes, long seed, int maxRejected) {
    }

    /**
     * Reads and validates the whole configuration.
     *
     * @param presets   win over reference.conf; later ones win
     * @param files     win over presets; later ones win
     * @param overrides {@code key=value}, win over files
     * @throws InvalidSettingsException with all problems
     */
    static Settings load(List<Config> presets, List<Path> files, List<String> overrides) {
        SettingsReader reader = SettingsReader.load(presets, files, overrides);
        Settings settings = new Settings(model(reader), optimizer(reader),
            new Batch(reader.integer("batch.micro-batches", 1), reader.integer("batch.micro-batch-size", 1)), augmentation(reader),
            new Data(reader.integer("data.shuffle-window", 0), reader.integer("data.threads", 0),
                reader.choice("data.on-corrupt", OnCorrupt.class)),
            train(reader),
            evaluate(reader),
            new Prepare(reader.bytes("prepare.shard-bytes", 1), reader.wholeNumber("prepare.seed"),
                reader.integer("prepare.max-rejected", 0)),
            reader.effective());
        reader.finish();
        return settings;
    }

    private static Model model(SettingsReader reader) {
        return new Model(reader.text("model.name"), reader.integer("model.image-size", 1), share(reader, "model.batch-norm-momentum"),
            reader.choice("model.precision", Precision.class));
    }

    private static Optimizer optimizer(SettingsReader reader) {
        return new Optimizer(
            reader.number("optimizer.learning-rate", value -> value > 0, "a number above 0"),
            reader.choice("optimizer.schedule", Schedule.class),
            reader.numbers("optimizer.decay-epochs", value -> value > 0, "numbers above 0"),
            reader.number("optimizer.decay-factor", value -> value > 0 && value <= 1, "a number above 0 and at most 1"),
            reader.number("optimizer.warm-up-epochs", value -> value >= 0 && Double.isFinite(value), "a number of at least 0"),
            reader.number("optimizer.momentum", value -> value >= 0 && value < 1, "a number from 0 to below 1"),
            reader.number("optimizer.weight-decay", value -> value >= 0, "a number of at least 0"),
            reader.choice("optimizer.weight-decay-on", WeightDecayOn.class),
            reader.number("optimizer.clip-norm", value -> value >= 0 && Double.isFinite(value), "a number of at least 0"),
            reader.number("optimizer.label-smoothing", value -> value >= 0 && value < 1, "a number from 0 to below 1"),
            reader.number("optimizer.ema-decay", value -> value >= 0 && value < 1, "a number from 0 to below 1"));
    }

    private static Augmentation augmentation(SettingsReader reader) {
        Augmentation augmentation = new Augmentation(reader.choice("augmentation.kind", AugmentationKind.class),
            share(reader, "augmentation.min-area"), share(reader, "augmentation.max-area"),
            reader.number("augmentation.min-ratio", value -> value > 0, "a number above 0"),
            reader.number("augmentation.max-ratio", value -> value > 0, "a number above 0"),
            reader.integer("augmentation.padding", 0), share(reader, "augmentation.flip-probability"));
        if (augmentation.minArea() > augmentation.maxArea() || augmentation.minArea() == 0) {
            reader.invalid("augmentation.min-area", augmentation.minArea(), "above 0 and at most augmentation.max-area");
        }
        if (augmentation.minRatio() > augmentation.maxRatio()) {
            reader.invalid("augmentation.min-ratio", augmentation.minRatio(), "at most augmentation.max-ratio");
        }
        return augmentation;
    }

    private static Train train(SettingsReader reader) {
        return new Train(reader.integer("train.epochs", 1), reader.integer("train.runs", 1), reader.wholeNumber("train.seed"),
            reader.integer("train.executors", 0), reader.bytes("train.cache-bytes", 0),
            reader.integer("train.checkpoint-every-steps", 0), reader.duration("train.checkpoint-interval", Duration.ZERO),
            reader.integer("train.report-every-steps", 1), reader.choice("train.wire", WireType.class),
            reader.duration("train.sync-timeout", Duration.ofSeconds(1)), reader.duration("train.storage-timeout", Duration.ofSeconds(1)),
            reader.integer("train.max-restarts", 0), reader.integer("train.keep-checkpoints", 0));
    }

    private static Evaluate evaluate(SettingsReader reader) {
        Evaluate evaluate = new Evaluate(reader.integers("evaluate.crop-sizes", 1), reader.integer("evaluate.resize", 0),
            reader.integer("evaluate.batch-size", 1), reader.duration("evaluate.poll-interval", Duration.ofMillis(1)),
            reader.duration("evaluate.idle-timeout", Duration.ZERO));
        if (evaluate.cropSizes().stream().distinct().count() < evaluate.cropSizes().size()) {
            reader.invalid("evaluate.crop-sizes", evaluate.cropSizes(), "each size once");
        }
        if (evaluate.cropSizes().size() > 1 && evaluate.resize() > 0) {
            reader.invalid("evaluate.resize", evaluate.resize(), "0 where evaluate.crop-sizes has several: each has its own");
        }
        return evaluate;
    }

    private static double share(SettingsReader reader, String key) {
        return reader.number(key, value -> value >= 0 && value <= 1, "a number from 0 to 1");
    }
}
