package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.Position;
import sknet.data.image.BatchReader;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;
import sknet.kernel.Rectifier;
import sknet.layer.AttentionSource;
import sknet.layer.ConvolutionSpec;
import sknet.model.Architecture;
import sknet.model.Attention;
import sknet.model.Backbone;
import sknet.model.Body;
import sknet.model.Middle;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;
import sknet.model.ShuffleNet;
import sknet.model.Stage;
import sknet.model.Stem;

/** {@code sknet analyze attention} from a checkpoint to tables, pictures and page, on a local Spark whose tasks are threads. */
class AnalyzeAttentionTest {

    private static final int IMAGES = 30;
    private static final int SIZE = 16;

    @TempDir
    private static Path shared;
    private static JavaSparkContext spark;
    private static String data;
    @TempDir
    private Path directory;
    private int executors = 2;

    @BeforeAll
    static void prepare() throws IOException {
        spark = new JavaSparkContext(new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1"));
        data = shared.resolve("data").toUri().toString();
        String images = ImageFolder.write(shared.resolve("images"), 6, IMAGES).toUri().toString();
        PrepareArguments.prepare(spark, new Settings.Prepare(20_000, 1, 0), new FolderSource(images), Encoding.ORIGINAL, data, Overwrite.REFUSE);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void theTablesHoldWhatEachImageAloneGivesInTheSameBitsForAnyNumberOfExecutors() throws Exception {
        ComputationGraph network = network(ModelCatalogue.named("sknet-fashion").architecture().body());
        String checkpoint = checkpoint(network, "sknet-fashion");
        List<Row> one = null;
        for (int slots : new int[] {1, 2, 5}) {
            executors = slots;
            analyze(checkpoint, "out-" + executors, "--scales", "1,1.5");
            List<Row> rows = new ArrayList<>(rows("out-" + executors, "channels"));
            rows.addAll(rows("out-" + executors, "units"));
            rows.addAll(rows("out-" + executors, "classes"));
            one = one == null ? rows : one;
            assertEquals(one, rows);
        }
        assertEquals(2 * 2 * 2 * 48 + 2 * 2 * 3 + 2 * 2 * 3 * 3, one.size());
        List<double[]> alone = new ArrayList<>();
        for (int scale = 0; scale < 2; scale++) {
            alone.add(firstChannel(network, new ResizeCentreCrop(scale == 0 ? SIZE : 24, SIZE)));
        }
        for (int scale = 0; scale < 2; scale++) {
            double factor = scale == 0 ? 1 : 1.5;
            Row row = one.stream().filter(each -> each.size() == 7 && each.getDouble(0) == factor && each.getString(1).equals("SK_2_2")
                && each.getString(2).equals("5x5") && each.get(3).equals(0)).findAny().orElseThrow();
            double mean = Stream.of(alone.get(scale)).flatMapToDouble(Arrays::stream).average().orElseThrow();
            double square = Stream.of(alone.get(scale)).flatMapToDouble(Arrays::stream).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
            assertEquals(mean, row.getDouble(4), 1e-6);
            assertEquals(Math.sqrt(square), row.getDouble(5), 1e-6);
            assertEquals(IMAGES, row.getLong(6));
        }
        assertFalse(Arrays.equals(alone.get(0), alone.get(1)), "the object's size changes the attention");
    }

    /** The attention of SK_2_2's second branch in channel 0, image by image. */
    private static double[] firstChannel(ComputationGraph network, ResizeCentreCrop transform) throws IOException {
        double[] weights = new double[IMAGES];
        var dataset = new org.apache.hadoop.fs.Path(data);
        DatasetManifest manifest = DatasetManifest.read(local(), dataset);
        try (ShardedSplit split = ShardedSplit.open(new Configuration(), dataset, DatasetManifest.VAL, 0)) {
            BatchReader reader = new BatchReader(split, transform, manifest.mean(), 0);
            for (int i = 0; i < IMAGES; i++) {
                FloatBuffer image = FloatBuffer.allocate(3 * SIZE * SIZE);
                reader.read(new int[] {i}, 0, image, new int[1]);
                network.output(false, Nd4j.createFromArray(image.array()).reshape(1, 3, SIZE, SIZE));
                INDArray attention = ((AttentionSource) network.getLayer("stages.0.1")).attention();
                weights[i] = attention.getDouble(0, 1, 0);
            }
        }
        return weights;
    }

    @Test
    void aConstantAttentionIsFoundAsItIsAndThePageHoldsAllPictures() throws Exception {
        ComputationGraph network = network(oneBlock(Middle.SelectiveKernel.dilated(3, 1, 2, 4)));
        fixAttention(network);
        analyze(checkpoint(network, "three kernels"), "out", "--images", "20", "--examples", "2", "--classes", "class-1,class-0");
        for (Row row : rows("out", "channels")) {
            double expected = Map.of("3x3", 0.125, "5x5", 0.25, "7x7", 0.625).get(row.getString(2));
            assertEquals(expected, row.getDouble(4), 1e-6, row::toString);
            assertEquals(0, row.getDouble(5), 1e-6, row::toString);
        }
        List<Row> units = rows("out", "units");
        assertEquals(3 * (3 + 1), units.size());
        assertEquals(List.of(0.5), units.stream().filter(row -> row.getString(2).equals("difference"))
            .map(row -> Math.rint(row.getDouble(3) * 1e5) / 1e5).distinct().toList());

        String page = Files.readString(directory.resolve("out/attention.html"));
        assertFalse(page.contains("{{"), "every place is filled");
        assertFalse(page.matches("(?s).*(src|href)=\"(?!data:).*"), "nothing is loaded from elsewhere");
        assertTrue(page.contains("20 images, each at 1.0x, 1.5x, 2.0x; 1 SK units of three kernels"), page);
        assertTrue(page.contains("<td>7x7 - 3x3</td><td>0.5000 ± 0.0000</td>"), page);
        assertTrue(page.contains("<td>0 of 8</td><td>0 of 3</td></tr>"), "it rises nowhere");
        List<String> pictures = files("out", ".svg");
        assertEquals(List.of("channels-SK_2_1.svg", "classes-SK_2_1.svg", "difference-by-unit.svg", "example-1-channels-SK_2_1.svg",
            "example-1-difference-by-unit.svg", "example-2-channels-SK_2_1.svg", "example-2-difference-by-unit.svg"), pictures);
        for (String picture : pictures) {
            var document = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder().parse(directory.resolve("out").resolve(picture).toFile());
            assertEquals("http://www.w3.org/2000/svg", document.getDocumentElement().getNamespaceURI(), picture);
        }
        assertEquals(pictures.size(), page.split("data:image/svg", -1).length - 1);
        assertEquals(2 * 3, page.split("data:image/png", -1).length - 1);
        assertTrue(page.contains("by class in SK_2_1, 2 classes"), page);
    }

    /** Fuse gives 1 for every image, so that Select's weights are the logits: the logarithms of the attention that is wanted. */
    private static void fixAttention(ComputationGraph network) {
        INDArray select = network.getLayer("stages.0.0").getParam("mid.fc2.weight");
        network.getLayer("stages.0.0").getParam("mid.bn.gamma").assign(0);
        network.getLayer("stages.0.0").getParam("mid.bn.beta").assign(1);
        long channels = select.size(0) / 3;
        double[] attention = {0.125, 0.25, 0.625};
        for (int branch = 0; branch < 3; branch++) {
            for (long row = branch * channels; row < (branch + 1) * channels; row++) {
                select.getRow(row).assign(Math.log(attention[branch]) / select.size(1));
            }
        }
    }

    @Test
    void theUnitsOfAShuffleNetAreAnalyzedToo() throws Exception {
        ShuffleNet.Depthwise selective = new ShuffleNet.Depthwise(List.of(Rectifier.NONE, Rectifier.NONE));
        ComputationGraph network = network(new ShuffleNet(16, List.of(1, 2), selective, Attention.NONE));
        analyze(checkpoint(network, "a ShuffleNet"), "out", "--images", "8", "--examples", "0", "--scales", "1");
        List<Row> units = rows("out", "units");
        assertEquals(List.of("SK_2_1_shortcut", "SK_2_1", "SK_3_1_shortcut", "SK_3_1", "SK_3_2"), units.stream().map(row -> row.getString(1)).distinct()
            .toList());
        for (int i = 0; i < units.size(); i += 3) {
            double small = units.get(i).getDouble(3);
            double large = units.get(i + 1).getDouble(3);
            assertEquals(1, small + large, 1e-6);
            assertEquals(large - small, units.get(i + 2).getDouble(3), 1e-6);
        }
        assertTrue(Files.exists(directory.resolve("out/channels-SK_3_2.svg")));
    }

    @Test
    void anAnalysisIsReplacedOnRequestAndOtherThingsNever() throws Exception {
        String checkpoint = checkpoint(network(ModelCatalogue.named("sknet-fashion").architecture().body()), "sknet-fashion");
        String[] quick = {"--images", "4", "--examples", "0", "--scales", "1"};
        analyze(checkpoint, "out", quick);
        String page = Files.readString(directory.resolve("out/attention.html"));
        assertEquals("Cannot write file:" + directory + "/out: it exists (expected a name that is free, or an analysis and --overwrite)",
            refusal(checkpoint, "out", "--images", "5"));
        assertEquals(page, Files.readString(directory.resolve("out/attention.html")));
        analyze(checkpoint, "out", "--overwrite", "--images", "5", "--examples", "1", "--scales", "1");
        assertNotEquals(page, Files.readString(directory.resolve("out/attention.html")));
        Files.createDirectories(directory.resolve("precious"));
        refusal(checkpoint, "precious", "--overwrite");
        assertArrayEquals(new String[] {"out", "precious"}, Stream.of(directory.toFile().list()).filter(name -> !name.startsWith("step-")
            && !name.endsWith(".crc")).sorted().toArray(), "nothing half-written is left");
    }

    @Test
    void whatCannotBeAnalyzedIsAnErrorBeforeAnythingIsWritten() throws Exception {
        String plain = checkpoint(network(oneBlock(new Middle.Grouped(1))), "a ResNet");
        assertTrue(refusal(plain, "out").startsWith("Cannot analyze the attention of file:" + plain
            + ": a ResNet has no SK units (expected "), refusal(plain, "out"));
        assertTrue(refusal(plain, "out", "--classes", "class-1,cat").startsWith("Cannot draw classes [cat]: "));
        assertEquals("Cannot analyze attention: scales are [2.0, 1.0] (expected different ones, the smallest first)",
            refusal(checkpoint(network(ModelCatalogue.named("sknet-fashion").architecture().body()), "sknet-fashion"), "out", "--scales", "2,1"));
        assertFalse(Files.exists(directory.resolve("out")));
    }

    private void analyze(String checkpoint, String output, String... more) throws IOException {
        AnalyzeAttentionCommand command = CommandLine.populateCommand(new AnalyzeAttentionCommand(), Stream.concat(Stream.of(checkpoint, "--data", data,
            "--output", directory.resolve(output).toString()), Stream.of(more)).toArray(String[]::new));
        command.analyze(spark, Settings.load(List.of(), List.of(), List.of("evaluate.batch-size=4", "train.executors=" + executors)));
    }

    private String refusal(String checkpoint, String output, String... more) {
        return assertThrows(IllegalArgumentException.class, () -> analyze(checkpoint, output, more)).getMessage();
    }

    private List<Row> rows(String output, String table) {
        return SparkSession.builder().sparkContext(spark.sc()).getOrCreate().read().parquet(directory.resolve(output).resolve(table).toString())
            .collectAsList();
    }

    private List<String> files(String output, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(output))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(suffix)).sorted().toList();
        }
    }

    private static Backbone oneBlock(Middle middle) {
        return new Backbone(new Stem(ConvolutionSpec.ofKernel(3).withStride(2), 8, Stem.Pooling.NONE), List.of(new Stage(1, 8, 16, 1, middle)));
    }

    private static ComputationGraph network(Body body) {
        ComputationGraph network = new ComputationGraph(NetworkBuilder.build(new Architecture("test", SIZE, body),
            NetworkOptions.of(ImageFolder.CLASSES, SIZE).withSeed(1)));
        network.init();
        return network;
    }

    /** Returns its path. */
    private String checkpoint(ComputationGraph network, String model) throws IOException {
        return new CheckpointStore(local(), new org.apache.hadoop.fs.Path(directory.toString())).write(network, new Position(0, 0, 8),
            Map.of("model.name", model, "model.image-size", String.valueOf(SIZE))).toUri().getPath();
    }

    private static FileSystem local() throws IOException {
        return FileSystem.getLocal(new Configuration());
    }
}
