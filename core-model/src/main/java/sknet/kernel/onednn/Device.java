package sknet.kernel.onednn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;

/** oneDNN's CPU engine, and the stream that runs its primitives in the calling thread and its OpenMP team. */
final class Device {
    private final engine engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
    private final stream stream = new stream(engine);

    engine engine() {
        return engine;
    }

    stream stream() {
        return stream;
    }

    /** Floats of the processor's vector registers: groups of so many channels are fast. */
    int vector() {
        return has(dnnl.dnnl_cpu_isa_avx512_core) ? 16 : 8;
    }

    /** Whether the processor multiplies bfloat16 in hardware. */
    static boolean multipliesBFloat16() {
        return has(dnnl.dnnl_cpu_isa_avx512_core_bf16);
    }

    private static boolean has(int instructions) {
        return (dnnl.dnnl_get_effective_cpu_isa() & instructions) == instructions;
    }
}
