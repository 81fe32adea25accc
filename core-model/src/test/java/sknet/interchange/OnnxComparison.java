package sknet.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.layer.ConstantParameters;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;
import sknet.model.Precision;

/** A network of the catalogue beside ONNX Runtime with the file that is exported of it, on small images. */
final class OnnxComparison implements AutoCloseable {
    private static final int SMALL = 64;
    private static final double TOLERANCE = 1e-4;

    private final int size;
    private final ComputationGraph network;
    private final OrtSession session;

    /** Exports the network to a file in this directory. */
    OnnxComparison(String name, Precision precision, Path directory) throws IOException, OrtException {
        ModelCatalogue.Entry entry = ModelCatalogue.named(name);
        // Inception networks do not pad: their maps shrink to nothing from less.
        size = entry.architecture().imageSize() > 224 ? 107 : Math.min(SMALL, entry.architecture().imageSize());
        network = network(entry, size, precision);
        Path file = directory.resolve(name + ".onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
            OnnxModel.of(network, new OnnxDescription(name, size, "test", Optional.empty(), Map.of())).writeTo(out);
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
        }
        Files.delete(file);
    }

    /**
     * With batch norms that do something: as they begin, folding them could hardly go wrong. Residuals are small beside their shortcuts, as in trained
     * networks: otherwise values grow from block to block until gates are steps, which no two orders of summation agree about.
     */
    private static ComputationGraph network(ModelCatalogue.Entry entry, int size, Precision precision) {
        ComputationGraph network = new ComputationGraph(
                NetworkBuilder.build(entry.architecture(), NetworkOptions.of(entry.classes(), size).withPrecision(precision)));
        network.init();
        Nd4j.getRandom().setSeed(5);
        network.paramTable().forEach((key, value) -> {
            if (key.endsWith(".mean") || key.endsWith(".beta") || key.endsWith(".bias") || key.endsWith("_b")) {
                value.assign(Nd4j.randn(DataType.FLOAT, value.shape()).mul(0.1));
            } else if (key.endsWith(".variance") || key.endsWith(".gamma")) {
                value.assign(Nd4j.rand(DataType.FLOAT, value.shape()).add(0.5));
            }
            value.muli(damping(key));
        });
        return ConstantParameters.in(network);
    }

    private static double damping(String parameter) {
        if (parameter.matches(".*increase[._]conv\\.weight")) {
            return 0.25;
        }
        // No rectifier behind it takes away what He's initialisation makes up for.
        return parameter.matches(".*depthwise_(branch\\d\\.)?conv\\.weight") ? Math.sqrt(0.5) : 1;
    }

    /** For batches of these sizes: no logit differs by more than rounding. */
    void assertSame(int... batches) throws OrtException {
        for (int batch : batches) {
            double difference = difference(batch);
            assertTrue(difference < TOLERANCE, batch + " images: " + difference);
        }
    }

    /** The largest difference of two logits, relative to the largest logit, for so many random images. */
    double difference(int batch) throws OrtException {
        INDArray images = Nd4j.randn(DataType.FLOAT, batch, 3, size, size);
        INDArray ours = network.output(images)[0].castTo(DataType.FLOAT);
        INDArray theirs = run(images);
        assertArrayEquals(ours.shape(), theirs.shape());
        double difference = ours.sub(theirs).amaxNumber().doubleValue() / ours.amaxNumber().doubleValue();
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    private INDArray run(INDArray images) throws OrtException {
        FloatBuffer pixels = FloatBuffer.wrap(images.dup('c').data().asFloat());
        try (OnnxTensor input = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), pixels, images.shape());
                OrtSession.Result result = session.run(Map.of(OnnxModel.INPUT, input))) {
            return Nd4j.create((float[][]) result.get(OnnxModel.OUTPUT).orElseThrow().getValue());
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
        network.close();
    }
}
