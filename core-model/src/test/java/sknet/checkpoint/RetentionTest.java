package sknet.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    @Test
    void zeroKeepsAll() {
        assertEquals(List.of(), expendable(0, UNKNOWN, Set.of(), 0, 10, 20));
    }

    @Test
    void theNewestStay() {
        assertEquals(List.of(), expendable(3, UNKNOWN, Set.of(), 0, 10, 20));
        assertEquals(List.of(0L, 10L), expendable(3, UNKNOWN, Set.of(), 0, 10, 20, 30, 40));
        assertEquals(List.of(0L, 10L, 20L, 30L), expendable(1, UNKNOWN, Set.of(), 0, 10, 20, 30, 40));
    }

    @Test
    void theBestStaysHoweverOld() {
        assertEquals(List.of(0L, 20L), expendable(2, OptionalLong.of(10), Set.of(), 0, 10, 20, 30, 40));
        assertEquals(List.of(0L, 10L, 20L), expendable(2, OptionalLong.of(40), Set.of(), 0, 10, 20, 30, 40));
        assertEquals(List.of(0L), expendable(2, OptionalLong.of(7), Set.of(), 0, 30, 40), "it is not there any more");
    }

    /** An attempt started from 20, for 30 and 40 are damaged. */
    @Test
    void aCheckpointStaysUntilEnoughWholeOnesAreNewer() {
        assertEquals(List.of(0L), expendable(2, UNKNOWN, Set.of(30L, 40L), 0, 10, 20, 30, 40));
        assertEquals(List.of(0L, 10L), expendable(2, UNKNOWN, Set.of(40L), 0, 10, 20, 30, 40), "30 was written again");
        assertEquals(List.of(0L, 10L, 20L), expendable(2, UNKNOWN, Set.of(), 0, 10, 20, 30, 40), "40 too");
    }

    private static List<Long> expendable(int newest, OptionalLong best, Set<Long> damaged, long... steps) {
        List<Path> paths = Arrays.stream(steps).mapToObj(step -> new Path("/run/step-" + step + ".zip")).toList();
        return new Retention(newest).expendable(paths, damaged, best).stream().map(CheckpointStore::step).toList();
    }
}
