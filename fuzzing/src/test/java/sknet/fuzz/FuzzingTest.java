package sknet.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import sknet.fuzz.Fuzzing.Finding;

class FuzzingTest {
    private static final Fuzzing FUZZING = new Fuzzing("the test", List.of(IOException.class), 1 << 16, 4);

    @Test
    void findingsAreCounted() {
        Fuzzing.Report report = FUZZING.run(FuzzingTest::file, file -> switch (file[0] & 3) {
            case 0 -> throw new IOException("damaged");
            case 1 -> Finding.EQUAL;
            default -> Finding.OTHER;
        });
        assertEquals(report.files(), report.errors() + report.equal() + report.others());
        assertTrue(report.errors() > 0 && report.equal() > report.errors() / 2 && report.others() > report.equal(), report.toString());
    }

    @Test
    void anErrorOfAnotherKindFailsAndNamesTheFile() {
        String message = message(file -> {
            throw new IllegalStateException("oh");
        });
        assertEquals("The reader of the test fails at damaged file 0 (target/fuzz/the-test-0): java.lang.IllegalStateException: oh (expected one of"
            + " [IOException], or a result)", message);
        assertTrue(message(file -> {
            throw new IOException();
        }).contains("its error says nothing"));
        assertTrue(message(file -> {
            throw new OutOfMemoryError("a claim");
        }).contains("OutOfMemoryError: a claim"));
    }

    @Test
    void tooMuchMemoryFails() {
        String message = message(file -> new byte[1 << 20].length == file.length ? Finding.EQUAL : Finding.OTHER);
        assertTrue(message.matches("(?s).*it allocated 10[45]\\d{4} bytes \\(expected at most 65536 and 4 times the file's 1\\).*"), message);
    }

    private static byte[] file(int number) {
        return new byte[] {(byte) number};
    }

    private static String message(Fuzzing.Reader reader) {
        return assertThrows(AssertionError.class, () -> FUZZING.run(FuzzingTest::file, reader)).getMessage();
    }
}
