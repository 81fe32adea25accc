package sknet.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final float[] SCORES = {0.1f, 0.3f, 0.05f, 0.2f, 0.15f, 0.12f, 0.08f};

    @Test
    void theRankOfTheLabelDecides() {
        assertEquals(new Tally(1, 0, 0), Tally.NONE.plusImage(SCORES, 1));
        assertEquals(new Tally(1, 1, 0), Tally.NONE.plusImage(SCORES, 3));
        assertEquals(new Tally(1, 1, 0), Tally.NONE.plusImage(SCORES, 0));
        assertEquals(new Tally(1, 1, 1), Tally.NONE.plusImage(SCORES, 6));
    }

    @Test
    void ofEqualScoresTheLowerClassComesFirst() {
        assertEquals(new Tally(1, 0, 0), Tally.NONE.plusImage(new float[] {0.5f, 0.5f}, 0));
        assertEquals(new Tally(1, 1, 0), Tally.NONE.plusImage(new float[] {0.5f, 0.5f}, 1));
    }

    @Test
    void aNetworkThatAnswersNaNIsWrong() {
        assertEquals(new Tally(1, 1, 1), Tally.NONE.plusImage(new float[] {Float.NaN, 1, 0, 0, 0, 0}, 1));
    }

    @Test
    void talliesAddUp() {
        Tally sum = new Tally(10, 3, 1).plus(new Tally(30, 5, 2));
        assertEquals(new Tally(40, 8, 3), sum);
        assertEquals(20, sum.top1Error());
        assertEquals(7.5, sum.top5Error());
    }

    @Test
    void theDeviationIsThatOfASample() {
        Statistic statistic = Statistic.of(List.of(20.0, 21.0, 22.0));
        assertEquals(new Statistic(21, 1, 3), statistic);
        assertEquals("21.00 ± 1.00", statistic.toString());
        assertEquals("20.79", Statistic.of(List.of(20.79)).toString());
        assertEquals("Cannot average: there are no runs",
            assertThrows(IllegalArgumentException.class, () -> Statistic.of(List.of())).getMessage());
    }
}
