package sknet.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;

/**
 * Prepares an ImageFolder tree (SOURCE/train/CLASS/..., SOURCE/val/CLASS/...) of JPEG and PNG files: see {@link FolderListing}
 * for what counts as an image, and {@link sknet.data.shard} for what is written.
 *
 * <p>The same source and seed give the same bytes. Until the last step the output has no manifest, so an interrupted run is
 * never taken for whole, and the next run in the same directory starts over.
 */
public final class PrepareFolder {
    private static final long POLL_MILLIS = 200;

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
            throw new PrepareException("Cannot prepare " + options.source() + ": " + firstLine(e), e);
        }
    }

    private DatasetManifest prepare(JavaSparkContext spark, PrepareOptions options, PrepareProgress progress) throws IOException {
        Configuration hadoop = spark.hadoopConfiguration();
        FileSystem sourceFs = Storage.connect(hadoop, new Path(options.source()));
        FileSystem outputFs = Storage.connect(hadoop, new Path(options.output()));
        Path source = sourceFs.makeQualified(new Path(options.source()));
        OutputDirectory output = new OutputDirectory(outputFs, outputFs.makeQualified(new Path(options.output())));
        checkApart(source, output.path());
        FolderListing listing = FolderListing.of(sourceFs, source);
        Completeness completeness = new Completeness(source, listing);
        completeness.check(List.of());
        output.claim(options.overwrite());

        List<ShardPlan> plans = new ArrayList<>();
        listing.images().forEach((split, images) ->
                plans.addAll(ShardPlan.cut(split, images, options.seed(), options.shardBytes())));
        List<ShardResult> results = runTasks(spark, source, output.path(), plans, progress);

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
        DatasetManifest manifest = manifest(source, options, listing.classes(), results, rejected.size());
        output.commit(manifest);
        return manifest;
    }

    private static List<ShardResult> runTasks(JavaSparkContext spark, Path source, Path output, List<ShardPlan> plans,
                                              PrepareProgress progress) throws IOException {
        long total = plans.stream().mapToLong(plan -> plan.images().size()).sum();
        LongAccumulator filesRead = spark.sc().longAccumulator("files read");
        var hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
        ShardTask task = new ShardTask(hadoop, source, output, filesRead);
        JavaFutureAction<List<ShardResult>> job = spark.parallelize(plans, plans.size()).map(task).collectAsync();
        try {
            while (true) {
                progress.update(Math.min(filesRead.value(), total), total);
                try {
                    List<ShardResult> results = job.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                    progress.update(total, total);
                    return results;
                } catch (TimeoutException stillRunning) {
                    // The next round tells how far it has come.
                }
            }
        } catch (ExecutionException e) {
            Throwable sparks = e.getCause();
            // Spark's own message carries the stack of the task; its cause is what went wrong there.
            throw new IOException(firstLine(sparks.getCause() == null ? sparks : sparks.getCause()), sparks);
        } catch (InterruptedException e) {
            job.cancel(true);
            Thread.currentThread().interrupt();
            throw new PrepareException("Cannot prepare " + source + ": interrupted", e);
        }
    }

    private static DatasetManifest manifest(Path source, PrepareOptions options, List<String> classes, List<ShardResult> results,
                                            int rejected) {
        Map<String, DatasetManifest.Split> splits = new TreeMap<>();
        for (String name : List.of(DatasetManifest.TRAIN, DatasetManifest.VAL)) {
            splits.put(name, new DatasetManifest.Split(results.stream().filter(result -> result.split().equals(name))
                    .flatMap(result -> result.shards().stream()).toList()));
        }
        ChannelSums sums = results.stream().filter(result -> result.split().equals(DatasetManifest.TRAIN))
                .map(ShardResult::sums).reduce(ChannelSums.NONE, ChannelSums::plus);
        return new DatasetManifest(DatasetManifest.FORMAT_VERSION, options.createdBy(), source.toString(), options.seed(),
                DatasetManifest.fingerprintOf(classes, splits), classes, sums.mean(), rejected, splits);
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

    private static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElseThrow();
    }
}
