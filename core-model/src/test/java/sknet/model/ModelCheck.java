package sknet.model;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.schedule.FixedSchedule;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointInfo;
import sknet.checkpoint.ParameterHash;
import sknet.checkpoint.Position;
import sknet.layer.ReadyGradients;

/** What holds for every network of the catalogue: on small images, so that it takes seconds. */
final class ModelCheck implements AutoCloseable {
    private static final int BATCH = 4;
    private static final int SMALL = 64;
    /** Inception networks do not pad: their maps shrink to nothing from less. */
    private static final int SMALL_UNPADDED = 107;
    private static final int STEPS = 4;

    private final ComputationGraph network;
    private final DataSet batch;

    ModelCheck(String name) {
        ModelCatalogue.Entry entry = ModelCatalogue.named(name);
        int full = entry.architecture().imageSize();
        int size = full > 224 ? SMALL_UNPADDED : Math.min(SMALL, full);
        network = new ComputationGraph(NetworkBuilder.build(entry.architecture(),
                NetworkOptions.of(entry.classes(), size).withOptimiser(0.9, new FixedSchedule(0.003))));
        network.init();
        Nd4j.getRandom().setSeed(1);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, entry.classes());
        for (int i = 0; i < BATCH; i++) {
            labels.putScalar(i, i, 1);
        }
        batch = new DataSet(Nd4j.randn(DataType.FLOAT, BATCH, 3, size, size), labels);
    }

    void everyParameterGetsAFiniteGradient() {
        network.initGradientsView();
        network.setInputs(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        assertTrue(Double.isFinite(network.score()), "loss " + network.score());
        assertAll(network.gradient().gradientForVariable().entrySet().stream().map(gradient -> () -> {
            double absolute = gradient.getValue().norm1Number().doubleValue();
            assertTrue(Double.isFinite(absolute) && absolute > 0, gradient.getKey() + " has a gradient of size " + absolute);
        }));
    }

    /** What was said to be final at some moment of the backward pass is what stands there at its end. */
    void gradientsAreFinalWhenTheyAreSaidToBe() {
        network.initGradientsView();
        INDArray gradient = network.getFlattenedGradients().reshape(network.numParams());
        INDArray seen = gradient.like();
        long[] ready = {gradient.length()};
        ReadyGradients.tell(network, start -> {
            assertTrue(start <= ready[0], "from " + start + " after from " + ready[0]);
            if (start < ready[0]) {
                seen.get(NDArrayIndex.interval(start, ready[0])).assign(gradient.get(NDArrayIndex.interval(start, ready[0])));
            }
            ready[0] = start;
        });
        network.setInputs(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        ReadyGradients.tell(network, start -> { });
        assertEquals(0, ready[0], "the first layer is an own one");
        assertArrayEquals(gradient.toFloatVector(), seen.toFloatVector());
    }

    void trainingOnOneBatchLowersTheLoss() {
        double[] losses = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            network.fit(batch);
            losses[i] = network.score();
        }
        assertTrue(losses[STEPS - 1] < losses[0], "losses " + Arrays.toString(losses));
    }

    /** Goes on with the same bits from what a checkpoint holds. Its file is the same for all networks, and others' tests write and read it. */
    void itSurvivesACheckpoint() {
        CheckpointInfo info = new CheckpointInfo(CheckpointInfo.FORMAT_VERSION, Position.START, ParameterHash.of(network.params()), null,
                Map.of());
        ComputationGraph resumed = new Checkpoint(info, network.getConfiguration().toJson(), network.params().dup(),
                network.getUpdater().getStateViewArray().dup(), Optional.empty()).network();
        assertArrayEquals(output(network), output(resumed), "evaluation");
        network.fit(batch);
        resumed.fit(batch);
        assertEquals(ParameterHash.of(network.params()), ParameterHash.of(resumed.params()), "parameters after another step");
        resumed.close();
    }

    private float[] output(ComputationGraph of) {
        return of.outputSingle(batch.getFeatures()).dup().data().asFloat();
    }

    @Override
    public void close() {
        network.close();
    }
}
