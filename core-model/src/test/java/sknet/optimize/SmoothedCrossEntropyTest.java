package sknet.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SmoothedCrossEntropyTest {
    private static final INDArray LOGITS = Nd4j.createFromArray(new double[][] {{1, 2, 0.5, -1}, {0, -3, 2, 1}});
    private static final INDArray LABELS = Nd4j.createFromArray(new double[][] {{0, 1, 0, 0}, {0, 0, 0, 1}});

    @Test
    void theScoreIsTheCrossEntropyWithTheSmoothedTargets() {
        double expected = 0;
        for (int n = 0; n < 2; n++) {
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                sum += Math.exp(LOGITS.getDouble(n, k));
            }
            for (int k = 0; k < 4; k++) {
                double target = LABELS.getDouble(n, k) * 0.9 + 0.1 / 4;
                expected -= target * (LOGITS.getDouble(n, k) - Math.log(sum));
            }
        }
        SmoothedCrossEntropy loss = new SmoothedCrossEntropy(0.1);
        assertEquals(expected, loss.computeScore(LABELS, LOGITS, null, null, false), 1e-12);
        assertEquals(expected / 2, loss.computeScore(LABELS, LOGITS, null, null, true), 1e-12);
    }

    @Test
    void theGradientIsThatOfTheSummedScore() {
        SmoothedCrossEntropy loss = new SmoothedCrossEntropy(0.2);
        INDArray gradient = loss.computeGradient(LABELS, LOGITS, null, null);
        double step = 1e-6;
        for (int i = 0; i < LOGITS.length(); i++) {
            INDArray plus = LOGITS.dup();
            plus.putScalar(i, LOGITS.getDouble(i) + step);
            INDArray minus = LOGITS.dup();
            minus.putScalar(i, LOGITS.getDouble(i) - step);
            double difference = loss.computeScore(LABELS, plus, null, null, false) - loss.computeScore(LABELS, minus, null, null,
                    false);
            assertEquals(difference / (2 * step), gradient.getDouble(i), 1e-8, "gradient at " + i);
        }
    }

    @Test
    void hugeLogitsNeitherOverflowNorVanish() {
        INDArray logits = Nd4j.createFromArray(new float[][] {{20000, 0, -20000, 0}});
        INDArray labels = Nd4j.createFromArray(new float[][] {{0, 1, 0, 0}});
        assertEquals(20000, new SmoothedCrossEntropy(0).computeScore(labels, logits, null, null, false), 1);
        assertEquals(Nd4j.createFromArray(new float[][] {{1, -1, 0, 0}}),
                new SmoothedCrossEntropy(0).computeGradient(labels, logits, null, null).castTo(DataType.FLOAT));
    }

    @Test
    void aSmoothingOfOneIsAnError() {
        assertEquals("Cannot smooth labels: smoothing 1.0 (expected 0 <= smoothing < 1)",
                assertThrows(IllegalArgumentException.class, () -> new SmoothedCrossEntropy(1)).getMessage());
    }
}
