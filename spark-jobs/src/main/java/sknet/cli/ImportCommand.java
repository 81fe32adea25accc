package sknet.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.ParameterHash;
import sknet.checkpoint.Position;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;
import sknet.interchange.ChannelOrder;
import sknet.interchange.Classifier;
import sknet.interchange.InputNormalization;
import sknet.interchange.NamingScheme;
import sknet.interchange.SafetensorsFile;
import sknet.interchange.WeightImport;
import sknet.model.ModelCatalogue;
import sknet.train.TrainingPlan;

/** {@code sknet import}. */
@Command(name = "import", mixinStandardHelpOptions = true,
    description = "Makes weights of a PyTorch model the first checkpoint of a run, which 'sknet evaluate' opens as any other, and from which "
        + "'sknet train' goes on when it is given the same settings.")
final class ImportCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "The weights, a safetensors file on any file system that Hadoop reads.")
    private String file;

    @Option(names = "--model", required = true, paramLabel = "NAME", description = "A name that 'sknet models' lists. Stands for model.name.")
    private String model;

    @Option(names = "--data", required = true, paramLabel = "DIR",
        description = "The data set that 'sknet prepare' wrote whose images the network will see, with the classes of the weights.")
    private String data;

    @Option(names = "--output", required = true, paramLabel = "DIR",
        description = "train's --output: the checkpoint goes into DIR/run-SEED, SEED being train.seed.")
    private String output;

    @Option(names = "--names", paramLabel = "SCHEME",
        description = "How the file names its tensors: torchvision, torchvision-densenet, torchvision-shufflenet, timm-sknet or transformers "
            + "(default: the one that knows most of them).")
    private String names;

    @Option(names = "--new-classifier", description = "Leave the last layer as training initialises it: for other classes than the weights'.")
    private boolean newClassifier;

    @Option(names = "--mean", split = ",", defaultValue = "0.485,0.456,0.406", paramLabel = "R,G,B", hideParamSyntax = true,
        description = "What the model has subtracted from each channel of its images (default: ${DEFAULT-VALUE}).")
    private List<Double> mean;

    @Option(names = "--std", split = ",", defaultValue = "0.229,0.224,0.225", paramLabel = "R,G,B", hideParamSyntax = true,
        description = "By what the model has each channel divided then (default: ${DEFAULT-VALUE}; 1,1,1 for none).")
    private List<Double> deviation;

    @Option(names = "--white", defaultValue = "1", paramLabel = "N",
        description = "The value of a white pixel before: 1 or 255 (default: ${DEFAULT-VALUE}).")
    private double white;

    @Option(names = "--channels", defaultValue = "rgb", paramLabel = "ORDER",
        description = "The order of the model's channels, and of --mean and --std: rgb or bgr (default: ${DEFAULT-VALUE}).")
    private ChannelOrder channels;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        ModelCatalogue.named(model);
        Settings settings = common.settingsOf(model);
        Path checkpoint = importWeights(SparkSessions.hadoop(), settings, new InputNormalization(mean, deviation, white, channels));
        System.out.println("written to " + checkpoint);
        return 0;
    }

    private Path importWeights(Configuration hadoop, Settings settings, InputNormalization normalization) throws IOException {
        Path dataset = new Path(data);
        FileSystem dataFileSystem = Storage.connect(hadoop, dataset);
        DatasetManifest manifest = DatasetManifest.read(dataFileSystem, dataset);
        FileSystem fileSystem = Storage.connect(hadoop, new Path(output));
        long seed = settings.train().seed();
        Path run = fileSystem.makeQualified(Training.runDirectory(new Path(output), seed));
        CheckpointStore store = Training.checkpoints(fileSystem, run);
        if (!store.list().isEmpty()) {
            throw new IllegalArgumentException("Cannot import into " + run + ": it has checkpoints (expected another --output or train.seed)");
        }
        Path weights = new Path(file);
        try (SafetensorsFile source = SafetensorsFile.open(Storage.connect(hadoop, weights), weights)) {
            NamingScheme scheme = names == null ? NamingScheme.recognise(source) : NamingScheme.named(names);
            TrainingPlan plan = new TrainingJob(settings, dataFileSystem.makeQualified(dataset), manifest).plan(run, seed);
            ComputationGraph network = Networks.build(settings, manifest, plan);
            WeightImport.match(source, scheme, model, network, newClassifier ? Classifier.NEW : Classifier.IMPORTED).run();
            normalization.foldInto(network, manifest.mean());
            Map<String, String> provenance = new TreeMap<>(plan.provenance());
            provenance.putAll(origin(source, scheme, normalization));
            Path checkpoint = store.write(network, Position.START, provenance);
            System.out.printf(Locale.ROOT, "%s is imported as %s with the names of %s: parameters %s%n", source.path(), model, scheme.name(),
                ParameterHash.of(network.params()).substring(0, 12));
            return checkpoint;
        }
    }

    private Map<String, String> origin(SafetensorsFile source, NamingScheme scheme, InputNormalization normalization) throws IOException {
        return Map.of("import.file", source.path().toString(), "import.file.sha256", source.sha256(), "import.names", scheme.name(),
            "import.classifier", newClassifier ? "new" : "imported", "import.normalization", normalization.toString());
    }
}
