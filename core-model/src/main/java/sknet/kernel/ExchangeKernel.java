package sknet.kernel;

import java.nio.ByteBuffer;

/**
 * The arithmetic of an all-reduce, on the calling thread alone: values in host memory, whatever the backend, from the first byte of each buffer to its
 * capacity, in the byte order of this processor.
 */
public interface ExchangeKernel {

    /** target += addend, both float32. */
    void add(ByteBuffer target, ByteBuffer addend);

    /** Rounds float32 to bfloat16, to nearest even. */
    void narrow(ByteBuffer floats, ByteBuffer halves);

    /** bfloat16 as float32. */
    void widen(ByteBuffer halves, ByteBuffer floats);
}
