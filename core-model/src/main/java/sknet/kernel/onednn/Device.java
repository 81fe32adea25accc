package sknet.kernel.onednn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.stream;
import sknet.kernel.Kernels;

/** oneDNN's CPU engine, the stream that runs its primitives in the calling thread and its OpenMP team, and its layout of activations. */
final class Device {
    private final engine engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
    private final stream stream = new stream(engine);
    private final boolean wide = (dnnl.dnnl_get_effective_cpu_isa() & dnnl.dnnl_cpu_isa_avx512_core) == dnnl.dnnl_cpu_isa_avx512_core;

    engine engine() {
        return engine;
    }

    stream stream() {
        return stream;
    }

    /** Floats of a vector register: so many channels lie beside each other in packed activations. */
    int vector() {
        return wide ? 16 : 8;
    }

    /** True for channels that are packed. */
    boolean packs(long channels) {
        return channels % Kernels.PACKED_CHANNELS == 0;
    }

    /** Activations {@code [N, C, H, W]} as kernels hand them to each other. */
    desc activations(long... dims) {
        return packs(dims[1]) ? Layouts.of(wide ? format_tag.nChw16c : format_tag.nChw8c, dims) : Layouts.dense(dims);
    }
}
