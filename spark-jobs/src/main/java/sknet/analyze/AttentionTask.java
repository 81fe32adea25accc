package sknet.analyze;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
import sknet.layer.AttentionSource;
import sknet.task.TaskProcessor;

/** The analysis of some batches in an executor. A record is read once, and shown at every scale. */
final class AttentionTask {

    private final AttentionPlan plan;
    private final ComputationGraph network;
    private final AttentionSums sums;
    private final BatchReader reader;
    /** One a scale, on the memory that the reader fills. */
    private final List<INDArray> images = new ArrayList<>();
    private final List<FloatBuffer> memory = new ArrayList<>();

    private AttentionTask(AttentionPlan plan, Weights weights, Configuration hadoop, ShardedSplit split) throws IOException {
        this.plan = plan;
        TaskProcessor.of(TaskContext.get()).use();
        network = weights.network();
        Path dataset = new Path(plan.dataset());
        DatasetManifest manifest = DatasetManifest.read(dataset.getFileSystem(hadoop), dataset);
        sums = new AttentionSums(plan.units(), plan.scales().size(), manifest.classes().size());
        // As in an evaluation nothing is drawn at random: the seed does not matter.
        reader = BatchReader.ofViews(split, plan.scales().stream().map(plan.transform()::enlarged).toList(), manifest.mean(), 0);
        int size = plan.transform().size();
        for (int scale = 0; scale < plan.scales().size(); scale++) {
            images.add(Nd4j.createUninitializedDetached(DataType.FLOAT, plan.batchSize(), 3, size, size));
            memory.add(images.get(scale).data().pointer().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer());
        }
    }

    /** @param batches ordinals of images, at most {@link AttentionPlan#batchSize} each */
    static AttentionSums sums(AttentionPlan plan, Weights weights, Iterator<int[]> batches) throws IOException {
        Configuration hadoop = hadoop();
        try (ShardedSplit split = ShardedSplit.open(hadoop, new Path(plan.dataset()), DatasetManifest.VAL, plan.cacheBytes())) {
            AttentionTask task = new AttentionTask(plan, weights, hadoop, split);
            while (batches.hasNext()) {
                task.add(batches.next());
            }
            return task.sums;
        }
    }

    /** One image by itself. */
    static Example example(AttentionPlan plan, Weights weights, int ordinal) throws IOException {
        Configuration hadoop = hadoop();
        try (ShardedSplit split = ShardedSplit.open(hadoop, new Path(plan.dataset()), DatasetManifest.VAL, 0)) {
            AttentionTask task = new AttentionTask(plan, weights, hadoop, split);
            task.add(new int[] {ordinal});
            return Example.of(split.read(ordinal), plan, task.sums);
        }
    }

    private static Configuration hadoop() {
        return SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
    }

    private void add(int[] ordinals) throws IOException {
        int[] labels = new int[ordinals.length];
        reader.read(ordinals, 0, memory, labels);
        for (int scale = 0; scale < images.size(); scale++) {
            Nd4j.getAffinityManager().tagLocation(images.get(scale), Location.HOST);
            network.output(false, images.get(scale).get(NDArrayIndex.interval(0, ordinals.length)));
            for (int u = 0; u < plan.units().size(); u++) {
                AttentionSource unit = (AttentionSource) network.getLayer(plan.units().get(u).layer());
                sums.add(scale, u, unit.attention().data().asFloat(), labels);
            }
        }
        sums.count(labels);
        TaskContext.get().taskMetrics().inputMetrics().incRecordsRead(ordinals.length);
    }
}
