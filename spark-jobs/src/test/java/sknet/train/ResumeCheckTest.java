package sknet.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ResumeCheckTest {

    @Test
    void theNumberOfEpochsMayChangeWithTheStepSchedule() {
        assertDoesNotThrow(() -> check(Map.of("optimizer.schedule", "step", "train.epochs", "5"),
            Map.of("optimizer.schedule", "step", "train.epochs", "6")));
    }

    @Test
    void theNumberOfEpochsDecidesACosine() {
        assertEquals("Cannot resume the run in file:/run: train.epochs was 5 and is 6 (expected the same settings, or another --output)",
            message(Map.of("optimizer.schedule", "cosine", "train.epochs", "5"), Map.of("optimizer.schedule", "cosine", "train.epochs", "6")));
    }

    @Test
    void aCheckpointThatDoesNotNameAnOptionWasTrainedWithoutIt() {
        assertDoesNotThrow(() -> check(Map.of(), Map.of("optimizer.schedule", "step", "optimizer.warm-up-epochs", "0")));
        assertEquals("Cannot resume the run in file:/run: optimizer.warm-up-epochs was 0 and is 5 (expected the same settings, or another "
            + "--output)", message(Map.of(), Map.of("optimizer.warm-up-epochs", "5")));
    }

    private static String message(Map<String, String> before, Map<String, String> now) {
        return assertThrows(IllegalArgumentException.class, () -> check(before, now)).getMessage();
    }

    private static void check(Map<String, String> before, Map<String, String> now) {
        ResumeCheck.sameResult(MicroBatchScheduleTest.plan(now), before);
    }
}
