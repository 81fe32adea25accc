package sknet.analyze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {

    @Test
    void meanAndDeviationAreThoseOfAllNumbersAtAPlace() {
        Moments moments = new Moments(2);
        for (double number : new double[] {0.25, 0.5, 0.75, 0.5}) {
            moments.add(1, number);
        }
        assertEquals(new Distribution(0.5, Math.sqrt(0.03125), 4), moments.of(1, 4));
        moments.add(0, -0.5);
        assertEquals(new Distribution(-0.5, 0, 1), moments.of(0, 1));
    }

    @Test
    void neitherOrderNorGroupsChangeABit() {
        Random random = new Random(1);
        float[] numbers = new float[10_000];
        Moments forwards = new Moments(1);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextFloat();
            forwards.add(0, numbers[i]);
        }
        Moments[] groups = {new Moments(1), new Moments(1), new Moments(1)};
        for (int i = numbers.length - 1; i >= 0; i--) {
            groups[random.nextInt(3)].add(0, numbers[i]);
        }
        groups[2].addAll(groups[0]);
        groups[2].addAll(groups[1]);
        assertEquals(forwards.of(0, numbers.length), groups[2].of(0, numbers.length));
    }

    @Test
    void aConstantThatNoMultipleMeetsHasADeviationOfNearlyZero() {
        Moments moments = new Moments(1);
        for (int i = 0; i < 50_000; i++) {
            moments.add(0, 0.1f);
        }
        assertEquals(0.1f, moments.of(0, 50_000).mean(), 1e-12);
        assertEquals(0, moments.of(0, 50_000).deviation(), 1e-6);
    }

    @Test
    void aSumThatIsTooLargeIsAnError() {
        Moments moments = new Moments(1);
        for (int i = 0; i < (1 << 23) - 1; i++) {
            moments.add(0, 1);
        }
        assertEquals(1, moments.of(0, (1 << 23) - 1).mean());
        assertThrows(ArithmeticException.class, () -> moments.add(0, 1));
    }
}
