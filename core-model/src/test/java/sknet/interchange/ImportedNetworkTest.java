package sknet.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static sknet.fixture.Parity.assertParity;

import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Imported networks on our images answer as PyTorch's do on theirs. */
class ImportedNetworkTest {
    private static final double TOLERANCE = 1e-4;
    private static final InputNormalization USUAL = new InputNormalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225), 1,
            ChannelOrder.RGB);
    private static final InputNormalization CAFFE = new InputNormalization(List.of(104.0, 117.0, 123.0), List.of(1.0, 1.0, 1.0), 255,
            ChannelOrder.BGR);
    private static final float[] USUAL_MEAN = {0.485f * 255, 0.456f * 255, 0.406f * 255};

    @ParameterizedTest
    @CsvSource({"resnet, torchvision", "resnext, torchvision", "sknet, timm-sknet", "resnet-transformers, transformers",
        "densenet, torchvision-densenet", "shufflenet, torchvision-shufflenet"})
    void namesAreRecognisedAndLogitsAreThoseOfPyTorch(String file, String scheme) throws IOException {
        ComputationGraph network = network(file);
        assertEquals(scheme, load(file, network).name());
        USUAL.foldInto(network, USUAL_MEAN);
        assertParity(WeightFiles.doubles("expected", family(file) + ".logits"), answer(network, USUAL_MEAN), TOLERANCE, file);
    }

    /** What the data set's mean colour around the image makes of the logits is in the expected ones. */
    @ParameterizedTest
    @CsvSource({"resnet", "resnext", "sknet"})
    void theMeanOfAnotherDataSetIsMadeUpFor(String file) throws IOException {
        ComputationGraph network = network(file);
        load(file, network);
        float[] mean = {120, 110, 100};
        USUAL.foldInto(network, mean);
        assertParity(WeightFiles.doubles("expected", file + ".logits_other_mean"), answer(network, mean), TOLERANCE, file);
    }

    @ParameterizedTest
    @CsvSource({"resnet", "resnext", "sknet"})
    void pixelsTo255InBlueGreenRedAreServedToo(String file) throws IOException {
        ComputationGraph network = network(file);
        load(file, network);
        float[] mean = {123, 117, 104};
        CAFFE.foldInto(network, mean);
        assertParity(WeightFiles.doubles("expected", file + ".logits_caffe"), answer(network, mean), TOLERANCE, file);
    }

    @Test
    void imagesNormalisedAsOursChangeNoBit() throws IOException {
        ComputationGraph network = NarrowNetworks.resnet();
        load("resnet", network);
        float[] before = network.params().toFloatVector();
        new InputNormalization(List.of(120.0, 110.0, 100.0), List.of(1.0, 1.0, 1.0), 255, ChannelOrder.RGB)
                .foldInto(network, new float[] {120, 110, 100});
        assertArrayEquals(before, network.params().toFloatVector());
    }

    @Test
    void weightsKeepTheirMeanSize() throws IOException {
        ComputationGraph network = NarrowNetworks.resnet();
        load("resnet", network);
        INDArray weights = network.getParam("stem_conv.weight");
        double before = weights.norm1Number().doubleValue();
        USUAL.foldInto(network, USUAL_MEAN);
        assertEquals(1, weights.norm1Number().doubleValue() / before, 0.01);
    }

    @Test
    void numbersThatNormaliseNothingAreRefused() {
        assertRefused("Cannot normalise images: mean [0.5] (expected 3 numbers)", List.of(0.5), List.of(1.0, 1.0, 1.0), 1);
        assertRefused("Cannot normalise images: std [1.0, 0.0, 1.0] (expected 3 numbers above 0)", List.of(0.0, 0.0, 0.0),
                List.of(1.0, 0.0, 1.0), 1);
        assertRefused("Cannot normalise images: white NaN (expected a number above 0)", List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0),
                Double.NaN);
    }

    private static void assertRefused(String message, List<Double> mean, List<Double> deviation, double white) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> new InputNormalization(mean, deviation, white, ChannelOrder.RGB)).getMessage());
    }

    private static ComputationGraph network(String file) {
        return switch (family(file)) {
            case "resnet" -> NarrowNetworks.resnet();
            case "resnext" -> NarrowNetworks.resnext();
            case "densenet" -> NarrowNetworks.densenet();
            case "shufflenet" -> NarrowNetworks.shufflenet();
            default -> NarrowNetworks.sknet();
        };
    }

    private static String family(String file) {
        return file.split("-")[0];
    }

    private static NamingScheme load(String file, ComputationGraph network) throws IOException {
        try (SafetensorsFile weights = WeightFiles.open(WeightFiles.pytorch(file))) {
            NamingScheme scheme = NamingScheme.recognise(weights);
            WeightImport.match(weights, scheme, "narrow", network, Classifier.IMPORTED).run();
            return scheme;
        }
    }

    /** On the pixels as our pipeline hands them to a network. */
    private static INDArray answer(ComputationGraph network, float[] mean) {
        INDArray pixels = WeightFiles.tensor("expected", "pixels");
        return network.outputSingle(false, pixels.sub(Nd4j.createFromArray(mean).reshape(1, 3, 1, 1)));
    }
}
