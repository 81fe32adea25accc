package sknet.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MovingAverageTest {
    private static final int LENGTH = 1001;
    private static final int STEPS = 40;

    @Test
    void itIsThatOfFloat64ToTheRoundingOfFloat32() {
        INDArray parameters = Nd4j.rand(DataType.FLOAT, 1, LENGTH);
        MovingAverage average = new MovingAverage(parameters, 0.9);
        double[] expected = parameters.data().asDouble();
        for (int step = 0; step < STEPS; step++) {
            parameters.addi(Nd4j.rand(DataType.FLOAT, 1, LENGTH).subi(0.5));
            average.add(parameters);
            for (int i = 0; i < LENGTH; i++) {
                expected[i] = 0.9 * expected[i] + (1 - 0.9) * parameters.getDouble(i);
            }
        }
        assertArrayEquals(expected, average.values().data().asDouble(), 1e-5);
        assertArrayEquals(parameters.shape(), average.values().shape());
    }

    @Test
    void itStartsAsACopy() {
        INDArray parameters = Nd4j.ones(DataType.FLOAT, 1, 3);
        MovingAverage average = new MovingAverage(parameters, 0.5);
        parameters.assign(3);
        assertEquals(Nd4j.ones(DataType.FLOAT, 1, 3), average.values());
        average.add(parameters);
        assertEquals(Nd4j.valueArrayOf(new long[] {1, 3}, 2, DataType.FLOAT), average.values());
    }

    @Test
    void optionsOutOfRangeAreAnErrorThatNamesThem() {
        assertEquals("Cannot take steps with norm 0.0 and average decay 1.0 (expected norm >= 0 and 0 <= decay < 1)",
                assertThrows(IllegalArgumentException.class, () -> new StepOptions(0, 1)).getMessage());
        assertEquals("Cannot take steps with norm -1.0 and average decay 0.5 (expected norm >= 0 and 0 <= decay < 1)",
                assertThrows(IllegalArgumentException.class, () -> new StepOptions(-1, 0.5)).getMessage());
    }
}
