package sknet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class TrainingTest {
    private static final int BATCH = 8;

    @Test
    void theSameSeedGivesTheSameBits() {
        ComputationGraph first = graph(3);
        ComputationGraph second = graph(3);
        assertEquals(first.params(), second.params());
        assertNotEquals(first.params(), graph(4).params());
        for (int step = 0; step < 2; step++) {
            first.fit(batch(step));
            second.fit(batch(step));
        }
        assertSameBits(first.params(), second.params());
    }

    @Test
    void aSavedNetworkIsWholeAndGoesOnTrainingWithTheSameBits() throws IOException {
        ComputationGraph graph = graph(3);
        graph.fit(batch(0));
        graph.fit(batch(1));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(graph, file, true);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file.toByteArray()), true);
        assertEquals(graph.getConfiguration().toJson(), restored.getConfiguration().toJson());
        assertSameBits(graph.params(), restored.params());
        assertSameBits(graph.getUpdater().getStateViewArray(), restored.getUpdater().getStateViewArray());
        // The learning rate drops at the third step: the iteration is part of what was saved.
        for (int step = 2; step < 4; step++) {
            graph.fit(batch(step));
            restored.fit(batch(step));
            assertEquals(graph.score(), restored.score());
        }
        assertSameBits(graph.params(), restored.params());
        assertSameBits(graph.outputSingle(false, batch(0).getFeatures()), restored.outputSingle(false, batch(0).getFeatures()));
    }

    @Test
    void everyParameterGetsAFiniteGradientAndTheLossFalls() {
        ComputationGraph graph = graph(3);
        DataSet batch = batch(0);
        graph.setInputs(batch.getFeatures());
        graph.setLabels(batch.getLabels());
        graph.computeGradientAndScore();
        double first = graph.score();
        graph.gradient().gradientForVariable().forEach((key, gradient) -> {
            double norm = gradient.norm2Number().doubleValue();
            assertTrue(norm > 0 && Double.isFinite(norm), "gradient of " + key + " has norm " + norm);
        });
        for (int step = 0; step < 8; step++) {
            graph.fit(batch);
        }
        assertTrue(graph.score() < first / 2, "loss " + first + " -> " + graph.score());
    }

    @Test
    void aSmallerLastBatchTrainsToo() {
        ComputationGraph graph = graph(3);
        graph.fit(batch(0));
        graph.fit(new DataSet(batch(1).getFeatures().get(NDArrayIndex.interval(0, 3)),
                batch(1).getLabels().get(NDArrayIndex.interval(0, 3))));
        graph.fit(batch(2));
        assertTrue(Double.isFinite(graph.score()), "loss " + graph.score());
    }

    @Test
    void weightDecayFollowsTheRuleAndIsAppliedOnce() {
        for (DecayRule rule : DecayRule.values()) {
            ComputationGraph graph = new ComputationGraph(NetworkBuilder.build(
                    ModelCatalogue.named("sknet-fashion").architecture(),
                    NetworkOptions.of(10, 28).withWeightDecay(1e-4, rule)));
            graph.init();
            for (String key : graph.paramTable().keySet()) {
                int separator = key.lastIndexOf('_');
                String name = key.substring(separator + 1);
                BaseLayer layer = (BaseLayer) graph.getLayer(key.substring(0, separator)).conf().getLayer();
                List<?> decay = layer.getRegularizationByParam(name);
                boolean weight = name.endsWith("weight") || name.equals("W");
                boolean statistic = name.endsWith("mean") || name.endsWith("variance");
                assertEquals(weight || rule == DecayRule.ALL && !statistic ? 1 : 0, decay == null ? 0 : decay.size(), rule + " "
                        + key);
                double rate = statistic ? Double.NaN : rule == DecayRule.WEIGHTS_ONLY && key.equals("fc_b") ? 0.2 : 0.1;
                assertEquals(rate, layer.getUpdaterByParam(name).getLearningRate(0, 0), rule + " " + key);
            }
        }
    }

    @Test
    void anImpossibleOptionIsAnErrorThatNamesIt() {
        assertEquals("Cannot build a network: classes 1 (expected at least 2)",
                assertThrows(IllegalArgumentException.class, () -> NetworkOptions.of(1, 28)).getMessage());
        assertEquals("Cannot build a network: batch norm momentum 0.0 (expected above 0, at most 1)",
                assertThrows(IllegalArgumentException.class, () -> NetworkOptions.of(10,
                28).withBatchNormMomentum(0)).getMessage());
    }

    private static ComputationGraph graph(long seed) {
        ComputationGraph graph = new ComputationGraph(NetworkBuilder.build(
                    ModelCatalogue.named("sknet-fashion").architecture(),
                NetworkOptions.of(10, 28).withSeed(seed).withLabelSmoothing(0)
                        .withOptimiser(0.9, new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.1, 3, 0.01)))));
        graph.init();
        return graph;
    }

    private static DataSet batch(long seed) {
        INDArray images = Nd4j.createUninitialized(DataType.FLOAT, BATCH, 3, 28, 28);
        Nd4j.getRandom().setSeed(seed + 100);
        images.assign(Nd4j.randn(DataType.FLOAT, images.shape()));
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, 10);
        for (int n = 0; n < BATCH; n++) {
            labels.putScalar(n, (n + seed) % 10, 1);
        }
        return new DataSet(images, labels);
    }

    private static void assertSameBits(INDArray expected, INDArray actual) {
        assertEquals(expected.length(), actual.length());
        assertEquals(0, expected.neq(actual.reshape(expected.shape())).castTo(DataType.INT).sumNumber().intValue(),
                "values that differ");
    }
}
