package sknet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.schedule.FixedSchedule;
import sknet.checkpoint.Position;
import sknet.data.image.Batch;
import sknet.data.image.BatchRequest;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;
import sknet.optimize.StepOptions;
import sknet.sync.DirectAllReduce;
import sknet.sync.WireType;

class AttentionHistogramTest {

    private static final int SIZE = 16;
    private static final int CLASSES = 3;
    private static final int IMAGES = 4;
    /** Of both SK units of the network. */
    private static final int CHANNELS = 48;

    @Test
    void afterAStepEveryUnitHasTheWeightsOfEachBranchWhichSumToOne() throws Exception {
        Replica replica = replica("sknet-fashion");
        step(replica);
        List<AttentionHistogram> histograms = AttentionHistogram.of(replica.network());
        assertEquals(List.of("attention/SK_2_1/3x3", "attention/SK_2_1/5x5", "attention/SK_2_2/3x3", "attention/SK_2_2/5x5"), histograms.stream().map(AttentionHistogram::tag).toList());
        for (AttentionHistogram histogram : histograms) {
            assertEquals(IMAGES * CHANNELS, histogram.weights().counts().stream().mapToInt(count -> count).sum());
            assertTrue(histogram.weights().min() < histogram.weights().max(), histogram.toString());
        }
        for (int unit = 0; unit < 2; unit++) {
            double sum = histograms.get(2 * unit).weights().sum() + histograms.get(2 * unit + 1).weights().sum();
            assertEquals(IMAGES * CHANNELS, sum, 1e-3);
        }
    }

    @Test
    void lookingAtItChangesNoBitOfTheTraining() throws Exception {
        Replica watched = replica("sknet-fashion");
        Replica other = replica("sknet-fashion");
        other.parameters().assign(watched.parameters());
        for (int i = 0; i < 3; i++) {
            step(watched);
            AttentionHistogram.of(watched.network());
            step(other);
        }
        assertArrayEquals(other.parameters().toFloatVector(), watched.parameters().toFloatVector());
    }

    @Test
    void aNetworkWithoutSkUnitsHasNone() {
        assertEquals(List.of(), AttentionHistogram.of(network("shufflenetv2-0.5")));
    }

    private static Replica replica(String model) {
        ComputationGraph network = network(model);
        DirectAllReduce alone = new DirectAllReduce(0, 1, network.getFlattenedGradients(), WireType.FP32, Duration.ofMinutes(1), false);
        return new Replica(network, alone, new StepShape(1, IMAGES, SIZE, CLASSES), StepOptions.NONE, Optional.empty());
    }

    private static ComputationGraph network(String model) {
        ComputationGraph network = new ComputationGraph(NetworkBuilder.build(ModelCatalogue.named(model).architecture(),
            NetworkOptions.of(CLASSES, SIZE).withOptimiser(0.9, new FixedSchedule(0.05))));
        network.init();
        network.initGradientsView();
        return network;
    }

    private static void step(Replica replica) throws Exception {
        Random random = new Random(1);
        float[] pixels = new float[IMAGES * 3 * SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        int[] labels = {0, 1, 2, 0};
        replica.step(Position.START, () -> new Batch(new BatchRequest(0, labels), List.of(FloatBuffer.wrap(pixels)), labels, IMAGES, List.of()), () -> 0);
    }
}
