package sknet.evaluate;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import sknet.data.image.Batch;
import sknet.data.image.BatchReader;
import sknet.data.image.BatchRequest;
import sknet.data.image.Prefetcher;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;
import sknet.task.TaskProcessor;

/** The answers to some batches, in an executor: images are decoded ahead, answers are computed as they are asked for. */
final class EvaluationTask implements Iterator<Prediction>, Closeable {

    /** One that is computed and one that is decoded. */
    private static final int BATCHES_IN_MEMORY = 2;

    private final ShardedSplit split;
    private final Prefetcher prefetcher;
    private final List<CropNetwork> networks = new ArrayList<>();
    private final Queue<Prediction> answers = new ArrayDeque<>();
    private int batchesLeft;

    private EvaluationTask(EvaluationPlan plan, Weights weights, List<BatchRequest> requests, DatasetManifest manifest, ShardedSplit split,
                           int cores) {
        this.split = split;
        this.batchesLeft = requests.size();
        List<ComputationGraph> graphs = weights.networks(plan.crops().size());
        for (int crop = 0; crop < graphs.size(); crop++) {
            networks.add(new CropNetwork(graphs.get(crop), plan.crops().get(crop).size(), plan.batchSize()));
        }
        // Nothing is drawn at random in an evaluation: the seed does not matter.
        BatchReader reader = BatchReader.ofViews(split, plan.crops(), manifest.mean(), 0);
        prefetcher = new Prefetcher(reader, requests.iterator(), BATCHES_IN_MEMORY, plan.threads() > 0 ? plan.threads() : cores);
    }

    /**
     * Starts reading.
     *
     * @param batches numbers of the batches: batch n has the images from n * batch size on
     * @return the answers to their images, at every crop; what it holds is closed when Spark's task ends
     */
    static Iterator<Prediction> run(EvaluationPlan plan, Weights weights, Iterator<Integer> batches) throws IOException {
        TaskContext context = TaskContext.get();
        Path dataset = new Path(plan.dataset());
        var hadoop = SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
        DatasetManifest manifest = DatasetManifest.read(dataset.getFileSystem(hadoop), dataset);
        TaskProcessor.of(context).use();
        ShardedSplit split = ShardedSplit.open(hadoop, dataset, DatasetManifest.VAL, plan.cacheBytes());
        List<BatchRequest> requests = new ArrayList<>();
        batches.forEachRemaining(batch -> requests.add(request(batch, plan.batchSize(), split.size())));
        EvaluationTask task = new EvaluationTask(plan, weights, requests, manifest, split, context.cpus());
        context.addTaskCompletionListener((TaskCompletionListener) ended -> task.closeUnchecked());
        return task;
    }

    private static BatchRequest request(int batch, int batchSize, int images) {
        int first = batch * batchSize;
        return new BatchRequest(0, IntStream.range(first, Math.min(first + batchSize, images)).toArray());
    }

    @Override
    public boolean hasNext() {
        return !answers.isEmpty() || batchesLeft > 0;
    }

    @Override
    public Prediction next() {
        if (!hasNext()) {
            throw new NoSuchElementException("Cannot take an answer: all batches have been answered");
        }
        if (answers.isEmpty()) {
            batchesLeft--;
            answer(nextBatch());
        }
        return answers.remove();
    }

    private Batch nextBatch() {
        try {
            return prefetcher.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while it waited for images"));
        }
    }

    private void answer(Batch batch) {
        int[] ordinals = batch.request().ordinals();
        TaskContext.get().taskMetrics().inputMetrics().incRecordsRead(ordinals.length);
        for (int crop = 0; crop < networks.size(); crop++) {
            float[][] logits = networks.get(crop).logits(batch.views().get(crop), batch.count());
            for (int i = 0; i < ordinals.length; i++) {
                answers.add(Prediction.of(crop, ordinals[i], split.id(ordinals[i]), batch.labels()[i], logits[i]));
            }
        }
    }

    @Override
    public void close() throws IOException {
        prefetcher.close();
        split.close();
    }

    private void closeUnchecked() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
