package sknet.data.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The files of a tar archive, found by its headers alone: from one header the position of the next is known, so that where bytes are
 * read at positions nothing of the content is. An archive may itself lie in another.
 *
 * <p>POSIX ustar, with GNU's long names and base-256 sizes, and paths and sizes of pax headers. What is no regular file is passed over.
 *
 * <p>Own code rather than a library's, whose readers run through the content from the beginning, or want a local file to seek in.
 */
public final class TarArchive {
    private static final int BLOCK = 512;
    private static final int MOST_NAME_BYTES = 1 << 16;

    private final PositionedBytes bytes;
    private final String file;
    private final long end;
    private long next;

    /**
     * @param file  for messages
     * @param start where the archive begins in the bytes
     * @param end   where it ends at the latest
     */
    public TarArchive(PositionedBytes bytes, String file, long start, long end) {
        this.bytes = bytes;
        this.file = file;
        this.end = end;
        this.next = start;
    }

    /**
     * Goes on to the next file. Where bytes can only be read onwards, content must be read before the next call.
     *
     * @return the file, or none at the end
     * @throws IOException if the archive is damaged or cut short; the message names it
     */
    public Optional<TarEntry> next() throws IOException {
        PaxRecords pax = PaxRecords.NONE;
        while (true) {
            Optional<TarHeader> found = header();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            TarHeader header = found.get();
            long size = header.isExtension() ? header.bytes() : pax.bytes().orElse(header.bytes());
            long offset = next;
            String name = pax.path().orElse(header.name());
            if (size < 0 || size > end - offset) {
                throw damaged("it ends within " + name + ", which has " + size + " bytes from byte " + offset + " on (expected it whole)");
            }
            next = offset + (size + BLOCK - 1) / BLOCK * BLOCK;
            switch (header.type()) {
                case TarHeader.LONG_NAME -> pax = pax.withPath(text(name, offset, size).replace("\0", ""));
                case TarHeader.PAX -> pax = pax.plus(PaxRecords.parse(text(name, offset, size)).orElseThrow(() ->
                        damaged("its pax header at byte " + offset + " is damaged (expected lines of LENGTH KEY=VALUE)")));
                case TarHeader.FILE, TarHeader.OLD_FILE, TarHeader.CONTIGUOUS -> {
                    return Optional.of(new TarEntry(name, offset, size));
                }
                case TarHeader.LONG_LINK, TarHeader.GLOBAL_PAX -> { }
                default -> pax = PaxRecords.NONE;
            }
        }
    }

    private Optional<TarHeader> header() throws IOException {
        byte[] block = new byte[BLOCK];
        if (next + BLOCK > end) {
            throw damaged("it ends at byte " + end + " without the mark of its end (expected a whole archive)");
        }
        try {
            bytes.readFully(next, block);
        } catch (EOFException e) {
            throw damaged("it ends before byte " + (next + BLOCK) + " without the mark of its end (expected a whole archive)");
        }
        TarHeader header = new TarHeader(block);
        if (header.isEnd()) {
            return Optional.empty();
        }
        if (!header.isWhole()) {
            throw damaged("there is no header at byte " + next + " (expected a tar archive)");
        }
        next += BLOCK;
        return Optional.of(header);
    }

    private String text(String name, long offset, long size) throws IOException {
        if (size > MOST_NAME_BYTES) {
            throw damaged("its header " + name + " has " + size + " bytes (expected at most " + MOST_NAME_BYTES + ")");
        }
        byte[] content = new byte[(int) size];
        bytes.readFully(offset, content);
        return new String(content, StandardCharsets.UTF_8);
    }

    private IOException damaged(String finding) {
        return new IOException("Cannot read " + file + ": " + finding);
    }
}
