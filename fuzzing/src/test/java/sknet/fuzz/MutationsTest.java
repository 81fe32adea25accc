package sknet.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MutationsTest {
    private static final byte[] ORIGINAL = "What lengths and checksums are good for.".repeat(20).getBytes(StandardCharsets.US_ASCII);

    @Test
    void theSameNumberIsDamagedInTheSameWay() {
        for (int number = 0; number < 1000; number++) {
            assertArrayEquals(mutations().copy(number), mutations().copy(number));
        }
    }

    @Test
    void theyDifferFromTheOriginalAndFromEachOther() {
        long different = IntStream.range(0, 1000).filter(number -> !Arrays.equals(mutations().copy(number), ORIGINAL)).count();
        assertTrue(different > 970, "different from the original: " + different);
        long distinct = IntStream.range(0, 1000).mapToObj(number -> Arrays.hashCode(mutations().copy(number))).distinct().count();
        assertTrue(distinct > 970, "different from each other: " + distinct);
    }

    @Test
    void anEmptyFileIsDamagedToo() {
        Mutations empty = new Mutations(1, List.of(new byte[0]));
        assertTrue(IntStream.range(0, 100).anyMatch(number -> empty.copy(number).length > 0));
    }

    private static Mutations mutations() {
        return new Mutations(7, List.of(ORIGINAL));
    }
}
