package sknet.interchange;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: a JSON object with type, shape and place of each tensor by name, and texts under
 * {@value #METADATA}, which are passed over. Nothing in it is believed before it is checked.
 */
final class SafetensorsHeader {
    private static final String METADATA = "__metadata__";
    private static final ObjectReader ENTRY = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build().readerFor(Entry.class);

    private SafetensorsHeader() {}

    /** A tensor's entry as it is written. */
    private record Entry(String dtype, List<Long> shape, @JsonProperty("data_offsets") List<Long> offsets) {}

    /**
     * The tensors by name, in the order of their data, which they cover from the first byte to the last.
     *
     * @param json      the header
     * @param dataBytes how many bytes follow it in the file
     * @throws IOException with the reason, which names the tensor
     */
    static Map<String, Tensor> parse(byte[] json, long dataBytes) throws IOException {
        List<Tensor> tensors = read(json);
        tensors.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
        Map<String, Tensor> byName = new LinkedHashMap<>();
        long covered = 0;
        String before = "the header";
        for (Tensor tensor : tensors) {
            if (tensor.end() > dataBytes) {
                throw wrong(tensor.name(), "ends at byte " + tensor.end() + " of the data (expected at most " + dataBytes
                        + ", the file's end)");
            }
            if (tensor.begin() != covered) {
                throw wrong(tensor.name(), "begins at byte " + tensor.begin() + " of the data (expected " + covered + ", where " + before
                        + " ends)");
            }
            covered = tensor.end();
            before = "tensor '" + tensor.name() + "'";
            byName.put(tensor.name(), tensor);
        }
        if (covered != dataBytes) {
            throw new IOException(dataBytes - covered + " bytes follow the last tensor (expected none)");
        }
        return Collections.unmodifiableMap(byName);
    }

    private static List<Tensor> read(byte[] json) throws IOException {
        List<Tensor> tensors = new ArrayList<>();
        try (JsonParser parser = ENTRY.createParser(json).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("its header is no JSON object (expected a safetensors file)");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals(METADATA)) {
                    parser.skipChildren();
                } else {
                    tensors.add(tensor(name, entry(name, parser)));
                }
            }
            if (parser.nextToken() != null) {
                throw new IOException("its header goes on behind the JSON object (expected nothing but blanks)");
            }
            return tensors;
        } catch (JsonProcessingException e) {
            throw new IOException("its header is damaged: " + e.getOriginalMessage(), e);
        }
    }

    private static Entry entry(String name, JsonParser parser) throws IOException {
        try {
            Entry entry = ENTRY.readValue(parser);
            if (entry != null) {
                return entry;
            }
        } catch (JsonProcessingException e) {
            throw new IOException("its header is damaged at tensor '" + name + "': " + e.getOriginalMessage(), e);
        }
        throw wrong(name, "has no entry (expected dtype, shape and data_offsets)");
    }

    private static Tensor tensor(String name, Entry entry) throws IOException {
        TensorType type = TensorType.named(entry.dtype()).orElseThrow(() ->
                wrong(name, "has type " + entry.dtype() + " (expected one of " + List.of(TensorType.values()) + ")"));
        List<Long> offsets = entry.offsets();
        if (entry.shape().stream().anyMatch(size -> size == null || size < 0)) {
            throw wrong(name, "has shape " + entry.shape() + " (expected numbers from 0)");
        }
        if (offsets.size() != 2 || offsets.contains(null) || offsets.get(0) < 0 || offsets.get(1) < offsets.get(0)) {
            throw wrong(name, "has data_offsets " + offsets + " (expected begin and end, from 0)");
        }
        long bytes = bytes(name, type, entry.shape());
        if (offsets.get(1) - offsets.get(0) != bytes) {
            throw wrong(name, "has " + (offsets.get(1) - offsets.get(0)) + " bytes of data (expected " + bytes + " for " + type + " "
                    + entry.shape() + ")");
        }
        return new Tensor(name, type, entry.shape(), offsets.get(0), offsets.get(1));
    }

    private static long bytes(String name, TensorType type, List<Long> shape) throws IOException {
        try {
            long bytes = type.bytes();
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new IOException(wrong(name, "has shape " + shape + " (expected less than 2^63 bytes)").getMessage(), e);
        }
    }

    private static IOException wrong(String tensor, String finding) {
        return new IOException("tensor '" + tensor + "' " + finding);
    }
}
