package sknet.analyze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import sknet.model.SelectiveUnit;
import sknet.model.SelectiveUnit.Kernel;

class AttentionSumsTest {

    private static final double EXACT = 1e-12;

    @Test
    void twoImagesOfTwoClassesGiveTheMeansAndDeviationsOfTheirWeights() {
        SelectiveUnit unit = new SelectiveUnit("SK_2_1", "stages.0.0", 2, 2, List.of(new Kernel("3x3", 0), new Kernel("5x5", 1)));
        AttentionSums sums = new AttentionSums(List.of(unit), 2, 3);
        float[] attention = {0.75f, 0.5f, 0.25f, 0.5f, 0.25f, 0, 0.75f, 1};
        sums.add(1, 0, attention, new int[] {2, 0});
        sums.count(new int[] {2, 0});

        assertEquals(2, sums.images());
        assertDistribution(0.5, 0.25, 2, sums.channel(1, 0, 1, 0));
        assertDistribution(0.75, 0.25, 2, sums.channel(1, 0, 1, 1));
        assertDistribution(0.25, 0.25, 2, sums.channel(1, 0, 0, 1));
        assertDistribution(0.375, 0.25, 2, sums.unit(1, 0, 0));
        assertDistribution(0.625, 0.25, 2, sums.unit(1, 0, 1));
        assertDistribution(0.25, 0.5, 2, sums.difference(1, 0));
        assertDistribution(-0.25, 0, 1, sums.difference(1, 0, 2));
        assertDistribution(0.75, 0, 1, sums.difference(1, 0, 0));
        assertEquals(0, sums.images(1));
        assertEquals(0, sums.unit(0, 0, 1).mean(), "the other scale");
    }

    @Test
    void theDifferenceIsThatOfTheLargestAndSmallestOfThreeKernelsInWhateverOrderTheyAre() {
        SelectiveUnit unit = new SelectiveUnit("u", "u", 0, 1, List.of(new Kernel("1x1", 2), new Kernel("3x3", 0), new Kernel("5x5", 1)));
        AttentionSums sums = new AttentionSums(List.of(unit), 1, 1);
        sums.add(0, 0, new float[] {0.25f, 0.625f, 0.125f}, new int[] {0});
        sums.count(new int[] {0});
        assertDistribution(0.125, 0, 1, sums.unit(0, 0, 0));
        assertDistribution(0.25, 0, 1, sums.unit(0, 0, 1));
        assertDistribution(0.625, 0, 1, sums.channel(0, 0, 2, 0));
        assertDistribution(0.5, 0, 1, sums.difference(0, 0));
    }

    @Test
    void aWeightThatIsNoneIsAnErrorThatNamesTheUnit() {
        SelectiveUnit unit = new SelectiveUnit("SK_2_1", "stages.0.0", 2, 1, List.of(new Kernel("3x3", 0), new Kernel("5x5", 1)));
        AttentionSums sums = new AttentionSums(List.of(unit), 1, 1);
        assertEquals("Cannot analyze attention: a weight of SK_2_1 is NaN (expected 0 to 1)", assertThrows(IllegalArgumentException.class,
            () -> sums.add(0, 0, new float[] {Float.NaN, Float.NaN}, new int[] {0})).getMessage());
    }

    private static void assertDistribution(double mean, double deviation, long images, Distribution actual) {
        assertEquals(mean, actual.mean(), EXACT);
        assertEquals(deviation, actual.deviation(), 1e-6);
        assertEquals(images, actual.images());
    }
}
