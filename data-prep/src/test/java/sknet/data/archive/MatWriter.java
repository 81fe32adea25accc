package sknet.data.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Writes a struct array as MATLAB does ("MAT-File Format", level 5, little-endian, compressed), apart from the library that reads it:
 * numbers in the smallest type that holds them, small elements packed in their tags.
 */
public final class MatWriter {
    private static final int INT8 = 1;
    private static final int UINT8 = 2;
    private static final int UINT16 = 4;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int STRUCT_CLASS = 2;
    private static final int CHAR_CLASS = 4;
    private static final int DOUBLE_CLASS = 6;
    private static final int FIELD_NAME_BYTES = 32;

    private MatWriter() {
    }

    /** A file with one variable, n x 1 structs whose fields are strings or whole numbers from 0 to 65535. */
    public static byte[] structs(String variable, List<String> fields, List<Map<String, Object>> structs) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(arrayHeader(STRUCT_CLASS, variable, structs.size(), 1));
        content.writeBytes(element(INT32, ints(FIELD_NAME_BYTES)));
        ByteBuffer names = ByteBuffer.allocate(fields.size() * FIELD_NAME_BYTES);
        for (int i = 0; i < fields.size(); i++) {
            names.position(i * FIELD_NAME_BYTES).put(fields.get(i).getBytes(StandardCharsets.US_ASCII));
        }
        content.writeBytes(element(INT8, names.array()));
        structs.forEach(struct -> fields.forEach(field -> content.writeBytes(value(struct.get(field)))));

        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(compressed)) {
            deflater.write(element(MATRIX, content.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer file = littleEndian(128 + 8 + compressed.size());
        file.put(String.format("%-116s", "MATLAB 5.0 MAT-file, Platform: GLNXA64").getBytes(StandardCharsets.US_ASCII));
        file.putLong(0).putShort((short) 0x0100).put((byte) 'I').put((byte) 'M');
        file.putInt(COMPRESSED).putInt(compressed.size()).put(compressed.toByteArray());
        return file.array();
    }

    /** The same file with its variable uncompressed. */
    public static byte[] uncompressed(byte[] file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, 128);
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(file, 128 + 8, file.length - 128 - 8))) {
            in.transferTo(out);
        }
        return out.toByteArray();
    }

    private static byte[] value(Object value) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (value instanceof String text) {
            content.writeBytes(arrayHeader(CHAR_CLASS, "", text.isEmpty() ? 0 : 1, text.length()));
            ByteBuffer chars = littleEndian(2 * text.length());
            text.chars().forEach(c -> chars.putShort((short) c));
            content.writeBytes(element(UINT16, chars.array()));
        } else {
            int number = (Integer) value;
            content.writeBytes(arrayHeader(DOUBLE_CLASS, "", 1, 1));
            content.writeBytes(number < 256 ? element(UINT8, new byte[] {(byte) number})
                    : element(UINT16, littleEndian(2).putShort((short) number).array()));
        }
        return element(MATRIX, content.toByteArray());
    }

    private static byte[] arrayHeader(int arrayClass, String name, int rows, int columns) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(element(UINT32, ints(arrayClass, 0)));
        header.writeBytes(element(INT32, ints(rows, columns)));
        header.writeBytes(element(INT8, name.getBytes(StandardCharsets.US_ASCII)));
        return header.toByteArray();
    }

    private static byte[] element(int type, byte[] data) {
        if (type != MATRIX && data.length > 0 && data.length <= 4) {
            return littleEndian(8).putShort((short) type).putShort((short) data.length).put(data).array();
        }
        return littleEndian(8 + (data.length + 7) / 8 * 8).putInt(type).putInt(data.length).put(data).array();
    }

    private static byte[] ints(int... numbers) {
        ByteBuffer bytes = littleEndian(4 * numbers.length);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
