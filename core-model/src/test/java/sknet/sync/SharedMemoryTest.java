package sknet.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SharedMemoryTest {
    private static final int SIZE = 3_000_000;

    @Test
    void whoOpensItSeesWhatTheOtherWrites() {
        try (SharedMemory memory = SharedMemory.create(SIZE).orElseThrow()) {
            ByteBuffer opened = SharedMemory.open(memory.location()).orElseThrow();
            assertEquals(SIZE, opened.capacity());
            memory.bytes().putLong(SIZE - Long.BYTES, 42);
            assertEquals(42, opened.getLong(SIZE - Long.BYTES));
            opened.putInt(0, 7);
            assertEquals(7, memory.bytes().getInt(0));
        }
    }

    @Test
    void anotherProcessOfThisUserReachesIt() throws IOException {
        try (SharedMemory memory = SharedMemory.create(SIZE).orElseThrow()) {
            memory.bytes().put(0, "for you".getBytes(StandardCharsets.UTF_8));
            String file = memory.location().substring(0, memory.location().indexOf('='));
            Process reader = new ProcessBuilder("head", "-c", "7", file).start();
            try (InputStream read = reader.getInputStream()) {
                assertEquals("for you", new String(read.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void itHasNoNameThatCouldStayBehind() throws IOException {
        try (SharedMemory memory = SharedMemory.create(SIZE).orElseThrow(); Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            String name = memory.location().replaceFirst(".*/dev/shm/", "").replace(" (deleted)", "");
            assertTrue(name.startsWith("sknet-"), name);
            assertTrue(files.noneMatch(file -> file.getFileName().toString().equals(name)), name);
        }
    }

    @Test
    void whatIsNotWithinReachIsNotOpened() {
        SharedMemory memory = SharedMemory.create(SIZE).orElseThrow();
        // The number of another file of this process, as it would be in another container.
        assertEquals(Optional.empty(), SharedMemory.open(memory.location().replace("/dev/shm/sknet-", "/dev/shm/sknet-other-")));
        assertEquals(Optional.empty(), SharedMemory.open("/proc/1/fd/999999=/dev/shm/sknet-1 (deleted)"));
        assertEquals(Optional.empty(), SharedMemory.open("/etc/passwd=/etc/passwd"));
        memory.close();
        assertEquals(Optional.empty(), SharedMemory.open(memory.location()));
    }

    @Test
    void moreThanABufferHoldsIsNotShared() {
        assertEquals(Optional.empty(), SharedMemory.create(1L << 40));
    }
}
