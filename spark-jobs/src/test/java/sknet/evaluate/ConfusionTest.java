package sknet.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import sknet.evaluate.Confusion.Cell;

class ConfusionTest {

    private static final float[] LOGITS = {0.1f, 0.3f, 0.05f, 0.2f, 0.15f, 0.12f, 0.08f};

    @Test
    void theRankOfTheLabelDecides() {
        assertEquals(new Tally(1, 0, 0), counted(LOGITS, 1).tally());
        assertEquals(new Tally(1, 1, 0), counted(LOGITS, 3).tally());
        assertEquals(new Tally(1, 1, 0), counted(LOGITS, 0).tally());
        assertEquals(new Tally(1, 1, 1), counted(LOGITS, 6).tally());
        assertArrayEquals(new int[] {1, 3, 4, 5, 0}, prediction(LOGITS, 6).classes());
    }

    @Test
    void ofEqualLogitsTheLowerClassComesFirst() {
        assertEquals(new Tally(1, 0, 0), counted(new float[] {0.5f, 0.5f}, 0).tally());
        assertEquals(new Tally(1, 1, 0), counted(new float[] {0.5f, 0.5f}, 1).tally());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, prediction(new float[7], 0).classes());
        assertEquals(new Tally(1, 1, 1), counted(new float[7], 5).tally());
    }

    @Test
    void aNetworkThatAnswersNaNIsWrongAndPredictsNothing() {
        Confusion counted = counted(new float[] {Float.NaN, 1, 0, 0, 0, 0}, 1);
        assertEquals(new Tally(1, 1, 1), counted.tally());
        assertEquals(Map.of(new Cell(1, Prediction.NO_CLASS), 1), counted.matrix());
    }

    @Test
    void probabilitiesAreASoftmaxOverAllClasses() {
        Prediction prediction = prediction(new float[] {1000, 1000 + (float) Math.log(3)}, 0);
        assertArrayEquals(new int[] {1, 0}, prediction.classes());
        assertArrayEquals(new float[] {0.75f, 0.25f}, prediction.probabilities(), 1e-4f);
    }

    @Test
    void confusionsAddUpAndSoDoTheErrorsOfTheirClasses() {
        Confusion sum = counted(LOGITS, 1);
        sum.add(counted(LOGITS, 1));
        sum.add(counted(LOGITS, 3));
        sum.add(counted(LOGITS, 6));
        assertEquals(Map.of(new Cell(1, 1), 2, new Cell(3, 1), 1, new Cell(6, 1), 1), sum.matrix());
        assertEquals(new Tally(4, 2, 1), sum.tally());
        assertEquals(50, sum.tally().top1Error());
        assertEquals(25, sum.tally().top5Error());
        Tally none = new Tally(0, 0, 0);
        assertArrayEquals(new Tally[] {none, new Tally(2, 0, 0), none, new Tally(1, 1, 0), none, none, new Tally(1, 1, 1)}, sum.tallies(7));
    }

    private static Prediction prediction(float[] logits, int label) {
        return Prediction.of(0, 0, "id", label, logits);
    }

    private static Confusion counted(float[] logits, int label) {
        Confusion confusion = new Confusion();
        confusion.add(prediction(logits, label));
        return confusion;
    }
}
