package sknet.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;

/**
 * Prepares a data set: see {@link sknet.data.shard} for what is written.
 *
 * <p>The same source and seed give the same bytes. Until the last step the output has no manifest, so an interrupted run is
 * never taken for whole; the next run by the same {@link Plan} keeps the shards that are whole, one by another plan starts over.
 */
public final class Preparation {

    /**
     * Runs the job, telling nobody how far it has come.
     *
     * @throws PrepareException if the data set cannot be prepared
     */
    public DatasetManifest run(JavaSparkContext spark, PrepareOptions options) {
        return run(spark, options, PrepareProgress.NONE);
    }

    /**
     * Runs the job.
     *
     * @return the manifest that has been written
     * @throws PrepareException if the data set cannot be prepared; the message is one line
     */
    public DatasetManifest run(JavaSparkContext spark, PrepareOptions options, PrepareProgress progress) {
        try {
            return prepare(spark, options, progress);
        } catch (IOException | IllegalArgumentException e) {
            throw new PrepareException("Cannot prepare " + options.source().location() + ": " + SparkJob.firstLine(e), e);
        }
    }

    private DatasetManifest prepare(JavaSparkContext spark, PrepareOptions options, PrepareProgress progress) throws IOException {
        Configuration hadoop = spark.hadoopConfiguration();
        Path location = new Path(options.source().location());
        FileSystem sourceFs = Storage.connect(hadoop, location);
        FileSystem outputFs = Storage.connect(hadoop, new Path(options.output()));
        Path source = sourceFs.makeQualified(location);
        OutputDirectory output = new OutputDirectory(outputFs, outputFs.makeQualified(new Path(options.output())));
        checkApart(source, output.path());
        Listing listing = options.source().list(spark, sourceFs, source);
        Completeness completeness = new Completeness(source, listing);
        completeness.check(List.of());
        Plan plan = Plan.of(source, listing, options);
        List<ShardResult> kept = output.claim(plan, options.overwrite());

        List<ShardPlan> plans = new ArrayList<>();
        listing.images().forEach((split, images) ->
                plans.addAll(ShardPlan.cut(split, images, options.seed(), options.shardBytes())));
        ShardTask task = new ShardTask(spark.broadcast(new SerializableConfiguration(hadoop)), options.source(), source, output.path(),
                options.encoding(), spark.sc().longAccumulator("files read"));
        List<ShardResult> results = new ArrayList<>(runTasks(spark, task, plans, kept, progress));
        results.addAll(kept);
        results.sort(Comparator.comparing(ShardResult::split).thenComparing(ShardResult::number));

        List<RejectedFile> rejected = new ArrayList<>(listing.rejected());
        results.forEach(result -> rejected.addAll(result.rejected()));
        rejected.sort(Comparator.comparing(RejectedFile::path));
        output.writeRejected(rejected);
        completeness.check(rejected);
        if (rejected.size() > options.maxRejected()) {
            throw new PrepareException("Cannot prepare " + source + ": " + rejected.size() + " files were rejected, the first is "
                    + rejected.get(0).path() + " (expected at most " + options.maxRejected() + "; all are in " + output.path()
                    + "/rejected.jsonl)");
        }
        DatasetManifest manifest = manifest(plan, completeness, results, rejected);
        output.commit(manifest);
        return manifest;
    }

    private static List<ShardResult> runTasks(JavaSparkContext spark, ShardTask task, List<ShardPlan> plans, List<ShardResult> kept,
                                              PrepareProgress progress) throws IOException {
        long total = images(plans);
        Set<String> finished = kept.stream().map(result -> result.split() + result.number()).collect(Collectors.toSet());
        List<ShardPlan> left = plans.stream().filter(plan -> !finished.contains(plan.split() + plan.number())).toList();
        long before = total - images(left);
        LongAccumulator filesRead = task.filesRead();
        List<ShardResult> results = left.isEmpty() ? List.of()
                : SparkJob.run(spark.parallelize(left, left.size()).map(task),
                        () -> progress.update(Math.min(before + filesRead.value(), total), total));
        progress.update(total, total);
        return results;
    }

    private static long images(List<ShardPlan> plans) {
        return plans.stream().mapToLong(plan -> plan.images().size()).sum();
    }

    private static DatasetManifest manifest(Plan plan, Completeness completeness, List<ShardResult> results, List<RejectedFile> rejected) {
        Map<String, DatasetManifest.Split> splits = new TreeMap<>();
        for (String name : List.of(DatasetManifest.TRAIN, DatasetManifest.VAL)) {
            splits.put(name, new DatasetManifest.Split(results.stream().filter(result -> result.split().equals(name))
                    .flatMap(result -> result.shards().stream()).toList(), completeness.classCounts(name, rejected)));
        }
        ChannelSums sums = results.stream().filter(result -> result.split().equals(DatasetManifest.TRAIN))
                .map(ShardResult::sums).reduce(ChannelSums.NONE, ChannelSums::plus);
        SizeCounts sizes = results.stream().map(ShardResult::sizes).reduce(new SizeCounts(), SizeCounts::plus);
        List<String> classes = completeness.listing().classes();
        return new DatasetManifest(DatasetManifest.FORMAT_VERSION, plan.createdBy(), plan.source(), plan.sourceFingerprint(), plan.encoding(),
                plan.seed(), DatasetManifest.fingerprintOf(classes, splits), classes, sums.mean(), sizes.summary(), rejected.size(), splits);
    }

    private static void checkApart(Path source, Path output) {
        Path train = new Path(source, DatasetManifest.TRAIN);
        Path val = new Path(source, DatasetManifest.VAL);
        if (isWithin(source, output) || isWithin(output, train) || isWithin(output, val)) {
            throw new PrepareException("Cannot prepare " + source + " into " + output
                    + ": they overlap (expected separate directories)");
        }
    }

    private static boolean isWithin(Path inner, Path outer) {
        return (inner + "/").startsWith(outer + "/");
    }
}
