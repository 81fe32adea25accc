package sknet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sknet.fixture.Parity.assertParity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sknet.kernel.KernelProvider;
import sknet.kernel.onednn.Processor;
import sknet.layer.ConstantParameters;

class TrainingTest {
    private static final int BATCH = 8;

    @ParameterizedTest
    @CsvSource({"FP32, 1", "FP32, 2", "BF16, 1", "BF16, 2"})
    void theSameSeedGivesTheSameBits(Precision precision, int threads) {
        Processor.assumeServed(precision.type());
        assertNotEquals(graph(3, precision).params(), graph(4, precision).params());
        assertSameBits(withThreads(threads, () -> trained(precision)), withThreads(threads, () -> trained(precision)));
    }

    /** The parameters after two steps. */
    private static INDArray trained(Precision precision) {
        ComputationGraph graph = graph(3, precision);
        graph.fit(batch(0));
        graph.fit(batch(1));
        return graph.params();
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theNumberOfThreadsChangesNoBitOfAnOutput(Precision precision) {
        Processor.assumeServed(precision.type());
        for (boolean training : new boolean[] {false, true}) {
            assertSameBits(withThreads(1, () -> output(precision, training)), withThreads(2, () -> output(precision, training)));
        }
    }

    private static INDArray output(Precision precision, boolean training) {
        return graph(3, precision).output(training, batch(0).getFeatures())[0];
    }

    /** oneDNN adds each thread's part of a convolution's weight gradient up. */
    @Test
    void theNumberOfThreadsChangesGradientsByRoundingOnly() {
        assertParity(withThreads(1, TrainingTest::gradient).castTo(DataType.DOUBLE), withThreads(2, TrainingTest::gradient), 1e-5,
                "gradient");
    }

    private static INDArray gradient() {
        ComputationGraph graph = graph(3, Precision.FP32);
        graph.setInputs(batch(0).getFeatures());
        graph.setLabels(batch(0).getLabels());
        graph.computeGradientAndScore();
        return graph.getFlattenedGradients();
    }

    private static INDArray withThreads(int threads, Supplier<INDArray> computation) {
        KernelProvider.useThreads(threads);
        try {
            return computation.get();
        } finally {
            KernelProvider.useThreads(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aNetworkOfConstantParametersEvaluatesTheSameUntilItTrains(Precision precision) {
        Processor.assumeServed(precision.type());
        ComputationGraph graph = graph(3, precision);
        INDArray images = batch(0).getFeatures();
        for (int step = 0; step < 2; step++) {
            INDArray variable = graph.outputSingle(false, images).dup();
            ConstantParameters.in(graph);
            for (int pass = 0; pass < 2; pass++) {
                assertSameBits(variable, graph.outputSingle(false, images));
            }
            graph.fit(batch(step));
            assertNotEquals(variable, graph.outputSingle(false, images));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aSavedNetworkIsWholeAndGoesOnTrainingWithTheSameBits(Precision precision) throws IOException {
        Processor.assumeServed(precision.type());
        ComputationGraph graph = graph(3, precision);
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

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyParameterGetsAFiniteGradientAndTheLossFalls(Precision precision) {
        Processor.assumeServed(precision.type());
        ComputationGraph graph = graph(3, precision);
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

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aSmallerLastBatchTrainsToo(Precision precision) {
        Processor.assumeServed(precision.type());
        ComputationGraph graph = graph(3, precision);
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
    void seedZeroIsASeedLikeOthers() {
        assertSameBits(graph(0, Precision.FP32).params(), graph(0, Precision.FP32).params());
        assertFalse(graph(0, Precision.FP32).params().equals(graph(1, Precision.FP32).params()));
    }

    @Test
    void anImpossibleOptionIsAnErrorThatNamesIt() {
        assertEquals("Cannot build a network: classes 1 (expected at least 2)",
                assertThrows(IllegalArgumentException.class, () -> NetworkOptions.of(1, 28)).getMessage());
        assertEquals("Cannot build a network: batch norm momentum 0.0 (expected above 0, at most 1)",
                assertThrows(IllegalArgumentException.class, () -> NetworkOptions.of(10,
                28).withBatchNormMomentum(0)).getMessage());
    }

    private static ComputationGraph graph(long seed, Precision precision) {
        ComputationGraph graph = new ComputationGraph(NetworkBuilder.build(
                    ModelCatalogue.named("sknet-fashion").architecture(),
                NetworkOptions.of(10, 28).withSeed(seed).withLabelSmoothing(0).withPrecision(precision)
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
