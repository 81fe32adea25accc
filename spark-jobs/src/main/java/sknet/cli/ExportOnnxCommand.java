package sknet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.WeightKind;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;
import sknet.interchange.OnnxDescription;
import sknet.interchange.OnnxFile;
import sknet.interchange.OnnxFile.Existing;
import sknet.interchange.OnnxModel;

/** {@code sknet export onnx}. */
@Command(name = "onnx", mixinStandardHelpOptions = true,
    description = "Writes the network of a checkpoint in ONNX: input 'image' [batch, 3, size, size], R, G and B from 0 to 255 minus the mean of the "
        + "training images; output 'logits' [batch, classes]; float32.")
final class ExportOnnxCommand implements Callable<Integer> {
    private static final double MEGABYTE = 1e6;

    @Parameters(index = "0", paramLabel = "CHECKPOINT", description = "A checkpoint file, or train's --output for the newest of its run.")
    private String checkpoint;

    @Parameters(index = "1", paramLabel = "FILE", description = "The file to write, on any file system that Hadoop writes.")
    private String file;

    @Option(names = "--data", paramLabel = "DIR",
        description = "The data set of the training, whose mean and classes the file tells (default: where it was then, if it is there).")
    private String data;

    @Option(names = "--overwrite", description = "Replace a file that is there.")
    private boolean overwrite;

    @Mixin
    private WeightsOption weights;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        common.settings();
        Configuration hadoop = SparkSessions.hadoop();
        OnnxFile target = OnnxFile.at(Storage.connect(hadoop, new Path(file)), new Path(file), overwrite ? Existing.REPLACE : Existing.REFUSE);
        FileSystem fileSystem = Storage.connect(hadoop, new Path(checkpoint));
        Path source = Training.checkpoint(fileSystem, new Path(checkpoint));
        Checkpoint read = CheckpointStore.read(fileSystem, source);
        TrainingData trained = TrainingData.of(hadoop, Optional.ofNullable(data), read.info().provenance());
        WeightKind kind = weights.kind().orElse(read.preferredWeights());
        OnnxDescription description = description(source, read, kind, trained);
        ComputationGraph network = read.network(kind);
        OnnxModel model = OnnxModel.of(network, description);
        network.close();
        System.out.printf(Locale.ROOT, "%s, weights: %s%n%s, images of %d x %d, %.1f MB%n", source, kind.label(), description.model(),
            description.imageSize(), description.imageSize(), model.bytes() / MEGABYTE);
        System.out.println("pixels: R, G and B from 0 to 255 minus " + trained.meanOrReason());
        System.out.println("written to " + target.write(model));
        return 0;
    }

    private static OnnxDescription description(Path source, Checkpoint read, WeightKind kind, TrainingData trained)
        throws JsonProcessingException {
        Map<String, String> provenance = read.info().provenance();
        for (String key : new String[] {"model.name", "model.image-size"}) {
            if (!provenance.containsKey(key)) {
                throw new IllegalArgumentException("Cannot export " + source + ": it does not say its " + key
                    + " (expected a checkpoint that 'sknet train' wrote)");
            }
        }
        Map<String, String> facts = new HashMap<>();
        facts.put("step", Long.toString(read.info().position().step()));
        facts.put("weights", kind.label());
        facts.put("parameters_sha256", kind == WeightKind.AVERAGE ? read.info().averagesSha256() : read.info().parametersSha256());
        facts.put("dataset_fingerprint", provenance.getOrDefault("dataset.fingerprint", "unknown"));
        if (trained.manifest().isPresent()) {
            facts.put("class_names", new ObjectMapper().writeValueAsString(trained.manifest().get().classes()));
        }
        return new OnnxDescription(provenance.get("model.name"), Integer.parseInt(provenance.get("model.image-size")), BuildVersion.number(),
            trained.manifest().map(DatasetManifest::channelMean), facts);
    }
}
