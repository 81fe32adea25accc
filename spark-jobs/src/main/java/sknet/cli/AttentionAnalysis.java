package sknet.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import sknet.analyze.AnalysisDirectory;
import sknet.analyze.AttentionJob;
import sknet.analyze.AttentionPlan;
import sknet.analyze.AttentionReport;
import sknet.analyze.AttentionResult;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.WeightKind;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;
import sknet.model.SelectiveUnit;
import sknet.train.JobLabel;

/**
 * Which analysis of a checkpoint's attention.
 *
 * @param data     a prepared data set; its validation images are looked at
 * @param scales   by which the objects in their centres are enlarged
 * @param images   only so many, the first; all where it is empty
 * @param examples images to show one by one
 * @param classes  to draw; none for all
 * @param weights  of the checkpoint; where it is empty, its averages if it has any
 */
record AttentionAnalysis(String data, List<Double> scales, Optional<Integer> images, int examples, List<String> classes, Optional<WeightKind> weights) {

    /** Analyses a checkpoint, and returns the page's path. */
    Path run(JavaSparkContext spark, Settings settings, Path checkpoint, AnalysisDirectory directory) throws IOException {
        DatasetManifest manifest = DatasetManifest.read(Storage.connect(spark.hadoopConfiguration(), new Path(data)), new Path(data));
        List<Integer> labels = labels(manifest);
        Checkpoint read = CheckpointStore.read(checkpoint.getFileSystem(spark.hadoopConfiguration()), checkpoint);
        AttentionPlan plan = plan(settings, checkpoint, read, manifest.split(DatasetManifest.VAL).records());
        AttentionJob job = new AttentionJob(spark, plan, manifest);
        // Those shown one by one are seen once more.
        int total = plan.images() + plan.examples();
        try (JobLabel label = JobLabel.of(spark, checkpoint.toString(), "analyze the attention of " + checkpoint);
             Progress progress = Progress.start("analyzing");
             ImagesSeen seen = ImagesSeen.of(spark, checkpoint.toString(), images -> progress.update(Math.min(images, total), total, "images"))) {
            AttentionResult result = job.run(read, SparkSessions.executors(spark.getConf(), settings.train().executors()));
            return AttentionReport.of(result, checkpoint.toString(), read.info(), labels)
                .write(SparkSession.builder().sparkContext(spark.sc()).getOrCreate(), directory);
        }
    }

    private AttentionPlan plan(Settings settings, Path path, Checkpoint read, int records) {
        List<SelectiveUnit> units = SelectiveUnit.of(ComputationGraphConfiguration.fromJson(read.configurationJson()));
        if (units.isEmpty()) {
            throw new IllegalArgumentException("Cannot analyze the attention of " + path + ": "
                + read.info().provenance().getOrDefault("model.name", "its network") + " has no SK units (expected a network that selects among "
                + "kernels, like sknet-50, sknet-29, sknet-50-k3-k5-k7 or shufflenetv2-1.0-sk)");
        }
        int count = images.orElse(records);
        return new AttentionPlan(data, Evaluation.crops(settings.evaluate(), read.info().provenance()).get(0), scales, units,
            weights.orElse(read.preferredWeights()), count, Math.min(examples, count), settings.evaluate().batchSize(), settings.train().cacheBytes());
    }

    private List<Integer> labels(DatasetManifest manifest) {
        if (classes.isEmpty()) {
            return IntStream.range(0, manifest.classes().size()).boxed().toList();
        }
        List<String> unknown = new ArrayList<>(classes);
        unknown.removeAll(manifest.classes());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("Cannot draw classes " + unknown + ": " + data + " has none of that name (expected some of "
                + "those that './sknet data show' lists)");
        }
        return classes.stream().map(manifest.classes()::indexOf).toList();
    }
}
