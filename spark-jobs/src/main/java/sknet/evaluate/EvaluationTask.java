package sknet.evaluate;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.SparkEnv;
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
import sknet.kernel.KernelProvider;

/** The evaluation of some batches in an executor. */
final class EvaluationTask {

    private EvaluationTask() {
    }

    static Tally run(EvaluationPlan plan, Weights weights, Iterator<Integer> batches) throws IOException {
        Path dataset = new Path(plan.dataset());
        var hadoop = SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
        DatasetManifest manifest = DatasetManifest.read(dataset.getFileSystem(hadoop), dataset);
        KernelProvider.useThreads(TaskContext.get().cpus());
        ComputationGraph network = weights.network();
        INDArray images = Nd4j.createUninitializedDetached(DataType.FLOAT, plan.batchSize(), 3, plan.imageSize(), plan.imageSize());
        FloatBuffer memory = images.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        Tally tally = Tally.NONE;
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, DatasetManifest.VAL, plan.cacheBytes())) {
            // Nothing is drawn at random in an evaluation: the seed and the epoch do not matter.
            BatchReader reader = new BatchReader(split, plan.transform(), manifest.mean(), 0);
            while (batches.hasNext()) {
                int first = batches.next() * plan.batchSize();
                int[] ordinals = IntStream.range(first, Math.min(first + plan.batchSize(), split.size())).toArray();
                int[] labels = new int[ordinals.length];
                reader.read(ordinals, 0, memory, labels);
                Nd4j.getAffinityManager().tagLocation(images, Location.HOST);
                tally = tally.plus(count(network, images, labels));
            }
        }
        return tally;
    }

    private static Tally count(ComputationGraph network, INDArray images, int[] labels) {
        INDArray input = images.get(NDArrayIndex.interval(0, labels.length));
        float[][] scores = network.output(false, input)[0].toFloatMatrix();
        Tally tally = Tally.NONE;
        for (int i = 0; i < labels.length; i++) {
            tally = tally.plusImage(scores[i], labels[i]);
        }
        return tally;
    }
}
