package sknet.tensorboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.tensorflow.framework.Summary;

/**
 * The content of an event file. It is a sequence of records: length (8 bytes, little-endian), its masked CRC32C, the message, its masked
 * CRC32C. Each message is an {@code Event} of TensorFlow's event.proto; the first names the format. ND4J has classes for what an event
 * holds, not for the event itself, of which four fields are used: they are written here.
 */
final class EventRecords {

    private static final String FORMAT = "brain.Event:2";
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final double MILLIS = 1e3;
    /** TensorFlow masks checksums, as those of data that hold checksums are of little use. */
    private static final int MASK_ROTATION = 15;
    private static final int MASK_DELTA = 0xa282ead8;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private EventRecords() {
    }

    /** A whole file of these events. */
    static byte[] of(List<StepEvent> events) throws IOException {
        EventRecords records = new EventRecords();
        records.add(out -> {
            out.writeDouble(WALL_TIME, events.isEmpty() ? 0 : events.get(0).epochMillis() / MILLIS);
            out.writeString(FILE_VERSION, FORMAT);
        });
        for (StepEvent event : events) {
            records.add(out -> {
                out.writeDouble(WALL_TIME, event.epochMillis() / MILLIS);
                out.writeInt64(STEP, event.step());
                out.writeMessage(SUMMARY, Summary.newBuilder().addAllValue(event.values()).build());
            });
        }
        return records.bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Message {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private void add(Message message) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(encoded);
        message.writeTo(out);
        out.flush();
        byte[] content = encoded.toByteArray();
        byte[] length = littleEndian(Long.BYTES).putLong(content.length).array();
        for (byte[] part : List.of(length, content)) {
            bytes.writeBytes(part);
            bytes.writeBytes(littleEndian(Integer.BYTES).putInt(maskedCrc(part)).array());
        }
    }

    private static int maskedCrc(byte[] part) {
        CRC32C crc = new CRC32C();
        crc.update(part);
        return Integer.rotateRight((int) crc.getValue(), MASK_ROTATION) + MASK_DELTA;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
