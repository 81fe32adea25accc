package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.nd4j.linalg.api.buffer.DataType;

/** What the processor that runs the tests can do. */
public final class Processor {
    private Processor() {}

    /** Skips a test on processors that do not compute in a type. */
    public static void assumeServed(DataType type) {
        assumeTrue(type != DataType.BFLOAT16 || Device.multipliesBFloat16(), "the processor has no bfloat16");
    }
}
