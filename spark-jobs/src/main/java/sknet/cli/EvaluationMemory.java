package sknet.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.shard.Storage;
import sknet.model.Complexity;
import sknet.train.ExecutorMemory;

/** What executors need that evaluate a checkpoint or analyse its attention: only the checkpoint tells which network it is. */
final class EvaluationMemory {

    private static final int CHANNELS = 3;

    private EvaluationMemory() {
    }

    /**
     * Sets what is not set, where a checkpoint is there already. How much of the activations lives at once differs between networks: who says less
     * than this estimate may be right, and is not refused.
     *
     * @param path a checkpoint, or train's --output, which need not exist
     */
    static void set(SparkConf conf, Settings settings, String path) throws IOException {
        FileSystem fileSystem = Storage.connect(SparkSessions.hadoop(conf), new Path(path));
        Optional<Path> checkpoint = checkpoint(fileSystem, fileSystem.makeQualified(new Path(path)));
        if (checkpoint.isPresent()) {
            MemorySettings.offer(conf, of(CheckpointStore.read(fileSystem, checkpoint.get()), settings));
        }
    }

    private static ExecutorMemory of(Checkpoint read, Settings settings) {
        ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(read.configurationJson());
        List<Complexity> networks = new ArrayList<>();
        long pixels = 0;
        for (ResizeCentreCrop crop : Evaluation.crops(settings.evaluate(), read.info().provenance())) {
            networks.add(Complexity.of(configuration, InputType.convolutional(crop.size(), crop.size(), CHANNELS)));
            pixels += (long) crop.size() * crop.size();
        }
        return ExecutorMemory.ofEvaluation(networks, pixels, settings.evaluate().batchSize(), settings.train().cacheBytes());
    }

    private static Optional<Path> checkpoint(FileSystem fileSystem, Path path) throws IOException {
        if (fileSystem.exists(path) && fileSystem.getFileStatus(path).isFile()) {
            return Optional.of(path);
        }
        for (Path run : Training.runsSoFar(fileSystem, path)) {
            List<Path> checkpoints = Training.checkpoints(fileSystem, run).list();
            if (!checkpoints.isEmpty()) {
                return Optional.of(checkpoints.get(checkpoints.size() - 1));
            }
        }
        return Optional.empty();
    }
}
