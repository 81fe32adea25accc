package sknet.data.image.jpeg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a file's segments, and keeps the tables that they define. Reused from file to file. */
final class HeaderReader {
    private static final int TABLES = 4;
    private static final int BLOCK_SIZE = 64;

    private final int[][] quantisation = new int[TABLES][];
    private final HuffmanTable[] dc = new HuffmanTable[TABLES];
    private final HuffmanTable[] ac = new HuffmanTable[TABLES];
    /** Of earlier files: most have the same. */
    private final HuffmanTable[] known = new HuffmanTable[2 * TABLES];
    private byte[] file;
    private int position;
    private Frame frame;
    private boolean jfif;
    private int adobeTransform;
    private int restartInterval;
    private boolean ended;

    /** Starts with a file. */
    void open(byte[] bytes) throws JpegException {
        file = bytes;
        position = 0;
        frame = null;
        jfif = false;
        adobeTransform = -1;
        restartInterval = 0;
        ended = false;
        Arrays.fill(quantisation, null);
        Arrays.fill(dc, null);
        Arrays.fill(ac, null);
        if (u16() != 0xFFD8) {
            throw JpegException.damaged("it does not start as a JPEG");
        }
    }

    /** The segments up to the frame, if it has not been read, and the next scan; null behind the last. */
    Scan nextScan() throws JpegException {
        while (true) {
            int marker = nextMarker();
            if (marker < 0 || marker == 0xD9) {
                ended = marker == 0xD9;
                return null;
            }
            if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD8) {
                continue;
            }
            int start = position;
            int end = start + u16();
            if (end < start + 2 || end > file.length) {
                throw JpegException.truncated();
            }
            Scan scan = segment(marker, end);
            position = end;
            if (scan != null) {
                return scan;
            }
        }
    }

    /** Whether the end mark has come. */
    boolean ended() {
        return ended;
    }

    Frame frame() {
        return frame;
    }

    ColorSpace colors() {
        return ColorSpace.of(frame, jfif, adobeTransform);
    }

    int restartInterval() {
        return restartInterval;
    }

    byte[] file() {
        return file;
    }

    int position() {
        return position;
    }

    /** Goes on there: a scan's data has been read. */
    void continueAt(int behindData) {
        position = behindData;
    }

    /** Factors in zigzag order. */
    int[] quantisation(Frame.Component component) throws JpegException {
        return defined(quantisation[component.table()], "quantisation");
    }

    HuffmanTable dc(int number) throws JpegException {
        return defined(dc[number], "Huffman");
    }

    HuffmanTable ac(int number) throws JpegException {
        return defined(ac[number], "Huffman");
    }

    private static <T> T defined(T table, String kind) throws JpegException {
        if (table == null) {
            throw JpegException.damaged("a " + kind + " table is missing");
        }
        return table;
    }

    private Scan segment(int marker, int end) throws JpegException {
        switch (marker) {
            case 0xC0, 0xC1 -> frame = frame(Frame.Process.SEQUENTIAL, end);
            case 0xC2 -> frame = frame(Frame.Process.PROGRESSIVE, end);
            case 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF ->
                throw JpegException.damaged("its coding process 0x" + Integer.toHexString(marker) + " is not supported");
            case 0xC4 -> huffmanTables(end);
            case 0xDA -> {
                return scan(end);
            }
            case 0xDB -> quantisationTables(end);
            case 0xDD -> restartInterval = u16();
            case 0xE0 -> jfif |= startsWith("JFIF\0", end);
            case 0xEE -> {
                if (startsWith("Adobe", end) && end - position >= 12) {
                    adobeTransform = file[position + 11] & 0xFF;
                }
            }
            default -> {
                // Comments and what other programs note are passed over.
            }
        }
        return null;
    }

    /** @return -1 if there is none: a missing end mark does no harm */
    private int nextMarker() {
        while (position + 1 < file.length) {
            if (file[position++] == (byte) 0xFF) {
                int marker = file[position] & 0xFF;
                if (marker != 0 && marker != 0xFF) {
                    position++;
                    return marker;
                }
            }
        }
        return -1;
    }

    private Frame frame(Frame.Process process, int end) throws JpegException {
        if (frame != null) {
            throw JpegException.damaged("it has two frames");
        }
        int bits = u8();
        int height = u16();
        int width = u16();
        int count = u8();
        if (bits != 8) {
            throw JpegException.damaged("samples of " + bits + " bits are not supported");
        }
        if (width == 0 || height == 0) {
            throw JpegException.damaged("its size is " + width + "x" + height);
        }
        if (count != 1 && count != 3 && count != 4 || position + 3 * count > end) {
            throw JpegException.damaged(count + " components are not supported");
        }
        List<Frame.Component> components = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int id = u8();
            int sampling = u8();
            components.add(new Frame.Component(id, sampling >> 4, sampling & 15, u8()));
        }
        if (count == 1) {
            // Without others to compare with, sampling means nothing.
            components.set(0, new Frame.Component(components.get(0).id(), 1, 1, components.get(0).table()));
        }
        Frame read = new Frame(process, width, height, List.copyOf(components));
        for (Frame.Component component : components) {
            checkSampling(component, read);
        }
        return read;
    }

    private static void checkSampling(Frame.Component component, Frame frame) throws JpegException {
        int horizontal = component.horizontal();
        int vertical = component.vertical();
        boolean valid = horizontal >= 1 && horizontal <= 4 && vertical >= 1 && vertical <= 4 && component.table() < TABLES;
        if (!valid || frame.maxHorizontal() % horizontal != 0 || frame.maxVertical() % vertical != 0) {
            throw JpegException.damaged("a sampling of " + horizontal + "x" + vertical + " is not supported");
        }
    }

    private Scan scan(int end) throws JpegException {
        if (frame == null) {
            throw JpegException.damaged("a scan comes before the frame");
        }
        int count = u8();
        if (count < 1 || count > frame.components().size() || position + 2 * count + 3 > end) {
            throw JpegException.damaged("a scan has " + count + " components");
        }
        int[] components = new int[count];
        int[] dcTables = new int[count];
        int[] acTables = new int[count];
        int blocks = 0;
        for (int i = 0; i < count; i++) {
            components[i] = indexOf(u8());
            for (int k = 0; k < i; k++) {
                if (components[k] == components[i]) {
                    throw JpegException.damaged("a scan has a component twice");
                }
            }
            Frame.Component component = frame.components().get(components[i]);
            blocks += component.horizontal() * component.vertical();
            int tables = u8();
            dcTables[i] = tables >> 4;
            acTables[i] = tables & 15;
            if (dcTables[i] >= TABLES || acTables[i] >= TABLES) {
                throw JpegException.damaged("a Huffman table is missing");
            }
        }
        if (count > 1 && blocks > 10) {
            throw JpegException.damaged("an MCU has " + blocks + " blocks");
        }
        int first = u8();
        int last = u8();
        int bits = u8();
        return new Scan(components, dcTables, acTables, first, last, bits >> 4, bits & 15);
    }

    private int indexOf(int id) throws JpegException {
        for (int i = 0; i < frame.components().size(); i++) {
            if (frame.components().get(i).id() == id) {
                return i;
            }
        }
        throw JpegException.damaged("a scan has an unknown component");
    }

    private void quantisationTables(int end) throws JpegException {
        while (position < end) {
            int kind = u8();
            int bytes = kind >> 4 == 0 ? 1 : 2;
            if ((kind & 15) >= TABLES || position + BLOCK_SIZE * bytes > end) {
                throw JpegException.damaged("a quantisation table is incomplete");
            }
            int[] factors = new int[BLOCK_SIZE];
            for (int i = 0; i < BLOCK_SIZE; i++) {
                factors[i] = bytes == 1 ? u8() : u16();
            }
            quantisation[kind & 15] = factors;
        }
    }

    private void huffmanTables(int end) throws JpegException {
        while (position < end) {
            int kind = u8();
            int start = position;
            int length = 16;
            for (int i = 0; i < 16 && start + i < end; i++) {
                length += file[start + i] & 0xFF;
            }
            if ((kind & 15) >= TABLES || kind >> 4 > 1 || length > 16 + 256 || start + length > end) {
                throw JpegException.damaged("a Huffman table is incomplete");
            }
            position = start + length;
            HuffmanTable table = known[kind >> 4 << 2 | kind & 15];
            if (table == null || !table.isOf(file, start, position)) {
                table = new HuffmanTable(Arrays.copyOfRange(file, start, position));
                known[kind >> 4 << 2 | kind & 15] = table;
            }
            (kind >> 4 == 0 ? dc : ac)[kind & 15] = table;
        }
    }

    private boolean startsWith(String name, int end) {
        if (position + name.length() > end) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (file[position + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int u8() throws JpegException {
        if (position >= file.length) {
            throw JpegException.truncated();
        }
        return file[position++] & 0xFF;
    }

    private int u16() throws JpegException {
        return u8() << 8 | u8();
    }
}
