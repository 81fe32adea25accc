package sknet.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

/** Checkpoints of our networks in the hands of DL4J alone, which needs no more of us than our classes. */
class PlainDeeplearning4jTest {
    private static final int SIZE = 32;

    @TempDir
    private java.nio.file.Path directory;

    /** Together they have a layer and a vertex of each kind. */
    @ParameterizedTest
    @ValueSource(strings = {"sknet-fashion", "shufflenetv2-0.5-sk", "resnext-50-bam", "resnext-50-cbam", "dpn-68", "attention-56"})
    void itComputesAndGoesOnTrainingWithTheSameBits(String name) throws IOException {
        ModelCatalogue.Entry entry = ModelCatalogue.named(name);
        ComputationGraph network = new ComputationGraph(NetworkBuilder.build(entry.architecture(), NetworkOptions.of(entry.classes(), SIZE)));
        network.init();
        Nd4j.getRandom().setSeed(2);
        INDArray images = Nd4j.randn(DataType.FLOAT, 4, 3, SIZE, SIZE);
        DataSet batch = new DataSet(images, Nd4j.eye(entry.classes()).castTo(DataType.FLOAT).get(NDArrayIndex.interval(0, 4)));
        network.fit(batch);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(checkpoint(network), true);
        assertArrayEquals(network.output(images)[0].toFloatMatrix(), restored.output(images)[0].toFloatMatrix());
        network.fit(batch);
        restored.fit(batch);
        assertArrayEquals(network.params().toFloatVector(), restored.params().toFloatVector());
        network.close();
        restored.close();
    }

    @Test
    void itsOwnWayToLoadDoesSoToo() throws IOException {
        ComputationGraph network = new ComputationGraph(
                NetworkBuilder.build(ModelCatalogue.named("sknet-fashion").architecture(), NetworkOptions.of(10, SIZE)));
        network.init();
        ComputationGraph restored = ComputationGraph.load(checkpoint(network), false);
        assertArrayEquals(network.params().toFloatVector(), restored.params().toFloatVector());
        assertEquals(network.getConfiguration().toJson(), restored.getConfiguration().toJson());
    }

    private File checkpoint(ComputationGraph network) throws IOException {
        FileSystem local = FileSystem.getLocal(new Configuration());
        Path path = new CheckpointStore(local, new Path(directory.toUri())).write(network, Position.START, Map.of());
        return new File(path.toUri().getPath());
    }
}
