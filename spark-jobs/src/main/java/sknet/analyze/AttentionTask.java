package sknet.analyze;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sknet.data.image.BatchReader;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;
import sknet.evaluate.Weights;
import sknet.kernel.KernelProvider;
import sknet.layer.AttentionSource;

/** The analysis of some batches in an executor. A record is read once, and shown at every scale. */
final class AttentionTask {

    private final AttentionPlan plan;
    private final ComputationGraph network;
    private final AttentionSums sums;
    private final INDArray images;
    private final FloatBuffer memory;
    /** Those of the present batch. */
    private final Map<Integer, ShardedSplit.Sample> samples = new HashMap<>();
    /** One a scale. */
    private final List<BatchReader> readers;

    private AttentionTask(AttentionPlan plan, Weights weights, Configuration hadoop) throws IOException {
        this.plan = plan;
        KernelProvider.useThreads(TaskContext.get().cpus());
        network = weights.network();
        Path dataset = new Path(plan.dataset());
        DatasetManifest manifest = DatasetManifest.read(dataset.getFileSystem(hadoop), dataset);
        sums = new AttentionSums(plan.units(), plan.scales().size(), manifest.classes().size());
        int size = plan.transform().size();
        images = Nd4j.createUninitializedDetached(DataType.FLOAT, plan.batchSize(), 3, size, size);
        memory = images.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        // As in an evaluation nothing is drawn at random: the seed does not matter.
        readers = plan.scales().stream().map(scale -> new BatchReader(samples::get, plan.transform().enlarged(scale), manifest.mean(), 0)).toList();
    }

    /** @param batches ordinals of images, at most {@link AttentionPlan#batchSize} each */
    static AttentionSums sums(AttentionPlan plan, Weights weights, Iterator<int[]> batches) throws IOException {
        Configuration hadoop = hadoop();
        try (ShardedSplit split = ShardedSplit.open(hadoop, new Path(plan.dataset()), DatasetManifest.VAL, plan.cacheBytes())) {
            AttentionTask task = new AttentionTask(plan, weights, hadoop);
            while (batches.hasNext()) {
                task.add(split, batches.next());
            }
            return task.sums;
        }
    }

    /** One image by itself. */
    static Example example(AttentionPlan plan, Weights weights, int ordinal) throws IOException {
        Configuration hadoop = hadoop();
        try (ShardedSplit split = ShardedSplit.open(hadoop, new Path(plan.dataset()), DatasetManifest.VAL, 0)) {
            AttentionTask task = new AttentionTask(plan, weights, hadoop);
            task.add(split, new int[] {ordinal});
            return Example.of(task.samples.get(ordinal), plan, task.sums);
        }
    }

    private static Configuration hadoop() {
        return SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
    }

    private void add(ShardedSplit split, int[] ordinals) throws IOException {
        samples.clear();
        for (int ordinal : ordinals) {
            samples.put(ordinal, split.read(ordinal));
        }
        int[] labels = new int[ordinals.length];
        for (int scale = 0; scale < readers.size(); scale++) {
            readers.get(scale).read(ordinals, 0, memory, labels);
            Nd4j.getAffinityManager().tagLocation(images, Location.HOST);
            network.output(false, images.get(NDArrayIndex.interval(0, ordinals.length)));
            for (int u = 0; u < plan.units().size(); u++) {
                AttentionSource unit = (AttentionSource) network.getLayer(plan.units().get(u).layer());
                sums.add(scale, u, unit.attention().data().asFloat(), labels);
            }
        }
        sums.count(labels);
    }
}
