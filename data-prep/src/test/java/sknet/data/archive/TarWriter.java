package sknet.data.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes tar archives as GNU tar does. */
public final class TarWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a regular file; a name of more than 100 bytes gets a header of its own. */
    public TarWriter file(String name, byte[] content) {
        if (name.length() > 100) {
            entry("././@LongLink", 'L', (name + "\0").getBytes(StandardCharsets.UTF_8), "ustar  \0");
        }
        return entry(name.substring(0, Math.min(100, name.length())), '0', content, "ustar  \0");
    }

    /** Adds a directory. */
    public TarWriter directory(String name) {
        return entry(name, '5', new byte[0], "ustar  \0");
    }

    /** Adds any entry. */
    public TarWriter entry(String name, char type, byte[] content, String magic) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0" + "0001750\0" + "0001750\0");
        put(header, 124, String.format("%011o\0", content.length));
        put(header, 136, "11743562342\0");
        header[156] = (byte) type;
        put(header, 257, magic);
        return raw(header, content);
    }

    /** Adds an entry with a given header, whose checksum is set. */
    public TarWriter raw(byte[] header, byte[] content) {
        put(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    /** The archive with the mark of its end. */
    public byte[] bytes() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
