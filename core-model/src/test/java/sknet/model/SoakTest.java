package sknet.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.optimize.MomentumStep;

class SoakTest {
    private static final int BATCH = 32;
    private static final int CLASSES = 10;
    private static final int SETTLED_STEPS = 100;
    private static final int STEPS = 500;
    /** One map of one layer kept in each step would be several times as much; the JVM's own code and tables are less. */
    private static final long GROWTH_MIB = 48;
    private static final int COLLECTIONS = 10;
    private static final long COLLECTION_MILLIS = 50;

    @ParameterizedTest
    @EnumSource(Precision.class)
    void nativeMemoryDoesNotGrowInFiveHundredSteps(Precision precision) throws InterruptedException {
        ComputationGraph network = new ComputationGraph(NetworkBuilder.build(ModelCatalogue.named("sknet-fashion").architecture(),
                NetworkOptions.of(CLASSES, 28).withPrecision(precision)));
        network.init();
        network.initGradientsView();
        MomentumStep step = new MomentumStep(network);
        INDArray images = Nd4j.randn(DataType.FLOAT, BATCH, 3, 28, 28);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, CLASSES);
        for (int i = 0; i < BATCH; i++) {
            labels.putScalar(i, i % CLASSES, 1);
        }
        long pointers = 0;
        long resident = 0;
        for (int i = 0; i < STEPS; i++) {
            if (i == SETTLED_STEPS) {
                pointers = settledPointers();
                resident = residentMiB();
            }
            network.setInputs(images);
            network.setLabels(labels);
            network.computeGradientAndScore();
            step.take(BATCH, 0, 0);
        }
        assertTrue(Double.isFinite(network.score()), "loss " + network.score());
        long left = settledPointers();
        // Less than one for each step.
        assertTrue(left < pointers + STEPS - SETTLED_STEPS, "native objects " + pointers + " -> " + left);
        assertTrue(residentMiB() < resident + GROWTH_MIB, "resident memory " + resident + " MiB -> " + residentMiB() + " MiB");
    }

    /** Native objects that JavaCPP would have to free, those left out that the collector finds in a while. */
    private static long settledPointers() throws InterruptedException {
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(COLLECTION_MILLIS);
            Pointer.deallocateReferences();
            fewest = Math.min(fewest, Pointer.totalCount());
        }
        return fewest;
    }

    private static long residentMiB() {
        return Pointer.physicalBytes() >> 20;
    }
}
