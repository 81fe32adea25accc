package sknet.interchange;

import java.util.List;

/**
 * A tensor in a safetensors file.
 *
 * @param type  of its values
 * @param shape its shape, c-order; empty for a single value
 * @param begin of its bytes, counted from the first byte of data
 * @param end   behind its bytes; {@code end - begin} is what shape and type take
 */
public record Tensor(String name, TensorType type, List<Long> shape, long begin, long end) {

    /** Copies the list. */
    public Tensor {
        shape = List.copyOf(shape);
    }
}
