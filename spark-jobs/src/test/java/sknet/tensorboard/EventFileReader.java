package sknet.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads event files with none of the code that writes them: the CRC bit by bit, protobuf's wire format field by field. */
public final class EventFileReader {

    private static final int CASTAGNOLI = 0x82f63b78;

    private EventFileReader() {
    }

    /**
     * An event.
     *
     * @param version of the format, in the first event of a file; else null
     * @param values  by their tags: Float or {@link Spread}
     */
    public record Event(double wallTime, long step, String version, Map<String, Object> values) {
    }

    /** A histogram. */
    public record Spread(double min, double max, double num, double sum, double sumOfSquares, List<Double> limits, List<Double> counts) {
    }

    /** The events of a file; fails unless every length and every event has its checksum. */
    public static List<Event> read(FileSystem fileSystem, Path file) throws IOException {
        try (FSDataInputStream in = fileSystem.open(file)) {
            return events(in.readAllBytes());
        }
    }

    /** The steps of the training's events in a run's directory, in the order of the files and in them. */
    public static List<Long> trainingSteps(FileSystem fileSystem, Path run) throws IOException {
        List<Long> steps = new ArrayList<>();
        for (Path file : names(fileSystem, run).stream().filter(name -> name.endsWith(".train"))
            .map(name -> new Path(new Path(run, "tensorboard"), name)).toList()) {
            read(fileSystem, file).stream().filter(event -> event.version() == null).forEach(event -> steps.add(event.step()));
        }
        return steps;
    }

    /** The names of all files in the directory that TensorBoard reads, in its order. */
    public static List<String> names(FileSystem fileSystem, Path run) throws IOException {
        List<String> names = new ArrayList<>();
        for (var status : fileSystem.listStatus(new Path(run, "tensorboard"))) {
            names.add(status.getPath().getName());
        }
        return names.stream().sorted().toList();
    }

    static List<Event> events(byte[] file) throws IOException {
        List<Event> events = new ArrayList<>();
        ByteBuffer bytes = littleEndian(file);
        while (bytes.hasRemaining()) {
            byte[] length = checked(bytes, Long.BYTES);
            events.add(event(checked(bytes, (int) littleEndian(length).getLong())));
        }
        return events;
    }

    private static byte[] checked(ByteBuffer bytes, int length) throws EOFException {
        if (bytes.remaining() < length + Integer.BYTES) {
            throw new EOFException("the file ends within a record");
        }
        byte[] part = new byte[length];
        bytes.get(part);
        int unmasked = Integer.rotateLeft(bytes.getInt() - 0xa282ead8, 15);
        assertEquals(Integer.toHexString(crc32c(part)), Integer.toHexString(unmasked));
        return part;
    }

    static int crc32c(byte[] bytes) {
        int crc = ~0;
        for (byte value : bytes) {
            crc ^= value & 0xff;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc >>> 1) ^ (CASTAGNOLI & -(crc & 1));
            }
        }
        return ~crc;
    }

    private static Event event(byte[] message) {
        Map<Integer, List<Object>> fields = fields(message);
        Map<String, Object> values = new LinkedHashMap<>();
        for (Object summary : fields.getOrDefault(5, List.of())) {
            for (Object value : fields((byte[]) summary).get(1)) {
                Map<Integer, List<Object>> ofValue = fields((byte[]) value);
                values.put(new String((byte[]) ofValue.get(1).get(0), StandardCharsets.UTF_8),
                    ofValue.containsKey(2) ? Float.intBitsToFloat((Integer) ofValue.get(2).get(0)) : spread((byte[]) ofValue.get(5).get(0)));
            }
        }
        String version = fields.containsKey(3) ? new String((byte[]) fields.get(3).get(0), StandardCharsets.UTF_8) : null;
        return new Event(number(fields, 1), (Long) fields.getOrDefault(2, List.of(0L)).get(0), version, values);
    }

    private static Spread spread(byte[] message) {
        Map<Integer, List<Object>> fields = fields(message);
        return new Spread(number(fields, 1), number(fields, 2), number(fields, 3), number(fields, 4), number(fields, 5),
            packed((byte[]) fields.get(6).get(0)), packed((byte[]) fields.get(7).get(0)));
    }

    private static double number(Map<Integer, List<Object>> fields, int number) {
        return fields.containsKey(number) ? Double.longBitsToDouble((Long) fields.get(number).get(0)) : 0;
    }

    private static List<Double> packed(byte[] doubles) {
        List<Double> values = new ArrayList<>();
        for (DoubleBuffer buffer = littleEndian(doubles).asDoubleBuffer(); buffer.hasRemaining();) {
            values.add(buffer.get());
        }
        return values;
    }

    /** The fields of a message by their numbers: Long (varint, 64 bits), Integer (32 bits), or bytes. */
    private static Map<Integer, List<Object>> fields(byte[] message) {
        Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        ByteBuffer bytes = littleEndian(message);
        while (bytes.hasRemaining()) {
            int key = (int) varint(bytes);
            Object value = switch (key & 7) {
                case 0 -> varint(bytes);
                case 1 -> bytes.getLong();
                case 2 -> {
                    byte[] content = new byte[(int) varint(bytes)];
                    bytes.get(content);
                    yield content;
                }
                case 5 -> bytes.getInt();
                default -> throw new IllegalArgumentException("Cannot read a field of wire type " + (key & 7));
            };
            fields.computeIfAbsent(key >>> 3, number -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
