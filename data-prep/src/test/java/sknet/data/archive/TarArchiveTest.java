package sknet.data.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TarArchiveTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

    @Test
    void filesAreListedAndOtherEntriesPassedOver() throws IOException {
        byte[] tar = new TarWriter().directory("a/").file("a/one", CONTENT).entry("link", '2', new byte[0], "ustar  \0")
                .file("two", new byte[600]).file("empty", new byte[0]).bytes();
        assertEquals(List.of(new TarEntry("a/one", 1024, 7), new TarEntry("two", 2560, 600), new TarEntry("empty", 4096, 0)), list(tar));
        assertEquals("one", list(tar).get(0).fileName());
    }

    @Test
    void longNamesComeFromGnusAndPaxHeadersAndPrefixes() throws IOException {
        String name = "directory/".repeat(15) + "name";
        assertEquals(name, list(new TarWriter().file(name, CONTENT).bytes()).get(0).name());
        byte[] pax = (name.length() + 10 + " path=" + name + "\n").getBytes(StandardCharsets.US_ASCII);
        assertEquals(name, list(new TarWriter().entry("PaxHeader", 'x', pax, "ustar\00000").entry("short", '0', CONTENT, "ustar\00000")
                .bytes()).get(0).name());
        byte[] header = new TarWriter().entry("name", '0', CONTENT, "ustar\00000").bytes();
        byte[] block = Arrays.copyOf(header, 512);
        System.arraycopy("some/prefix".getBytes(StandardCharsets.US_ASCII), 0, block, 345, 11);
        assertEquals("some/prefix/name", list(new TarWriter().raw(block, CONTENT).bytes()).get(0).name());
    }

    @Test
    void sizesBeyondEightGigabytesAreInBase256() throws IOException {
        byte[] block = Arrays.copyOf(new TarWriter().file("large", new byte[0]).bytes(), 512);
        long size = 147_897_477_120L;
        ByteBuffer.wrap(block, 124, 12).put((byte) 0x80).put(new byte[3]).putLong(size);
        byte[] start = Arrays.copyOf(new TarWriter().raw(block, new byte[0]).bytes(), 512);
        byte[] end = new TarWriter().file("last", CONTENT).bytes();
        PositionedBytes bytes = (position, buffer) -> System.arraycopy(position < 512 ? start : end,
                (int) (position < 512 ? position : position - 512 - size), buffer, 0, buffer.length);
        TarArchive archive = new TarArchive(bytes, "huge.tar", 0, Long.MAX_VALUE);
        assertEquals(Optional.of(new TarEntry("large", 512, size)), archive.next());
        assertEquals(Optional.of(new TarEntry("last", size + 1024, 7)), archive.next());
        assertEquals(Optional.empty(), archive.next());
    }

    @Test
    void damageIsNamed() {
        byte[] tar = new TarWriter().file("one", CONTENT).file("two", new byte[600]).bytes();
        assertEquals("Cannot read x.tar: it ends within two, which has 600 bytes from byte 1536 on (expected it whole)",
                message(Arrays.copyOf(tar, 2000)));
        assertEquals("Cannot read x.tar: it ends at byte 2560 without the mark of its end (expected a whole archive)",
                message(Arrays.copyOf(tar, 2560)));
        tar[1024] ^= 1;
        assertEquals("Cannot read x.tar: there is no header at byte 1024 (expected a tar archive)", message(tar));
    }

    private static String message(byte[] tar) {
        return assertThrows(IOException.class, () -> list(tar)).getMessage();
    }

    private static List<TarEntry> list(byte[] tar) throws IOException {
        TarArchive archive = new TarArchive((position, buffer) -> {
            if (position + buffer.length > tar.length) {
                throw new EOFException();
            }
            System.arraycopy(tar, (int) position, buffer, 0, buffer.length);
        }, "x.tar", 0, tar.length);
        List<TarEntry> entries = new ArrayList<>();
        for (Optional<TarEntry> entry = archive.next(); entry.isPresent(); entry = archive.next()) {
            entries.add(entry.get());
        }
        return entries;
    }
}
