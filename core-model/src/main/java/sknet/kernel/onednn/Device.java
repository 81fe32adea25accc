package sknet.kernel.onednn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sknet.kernel.ChannelPacking;
import sknet.kernel.Kernels;
import sknet.kernel.vector.VectorKernels;

/** oneDNN's CPU engine, and the stream that runs its primitives in the calling thread and its OpenMP team. */
final class Device {
    private static final Logger LOG = LoggerFactory.getLogger(Device.class);
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

    /** Blocks that oneDNN's vectors fit, and Java's. */
    ChannelPacking packing() {
        return new ChannelPacking(Math.max(vector(), VectorKernels.width()));
    }

    /** Activations {@code [N, C, H, W]} as kernels hand them to each other. */
    desc activations(data_type type, long... dims) {
        int channels = Math.toIntExact(dims[1]);
        if (channels < Kernels.PACKED_CHANNELS) {
            return Layouts.dense(type, dims);
        }
        return packsBlocks(channels) ? new desc(dims, type, packing().block() == 16 ? format_tag.nChw16c : format_tag.nChw8c)
                : new desc(dims, type, format_tag.nhwc);
    }

    /** Whether maps are packed in blocks of channels. */
    boolean packsBlocks(long channels) {
        return channels % packing().block() == 0;
    }

    /**
     * Whether there is code for bfloat16: fast where the processor multiplies it, slower than that for float32 where it only has the vectors.
     *
     * @throws IllegalArgumentException where there is none
     */
    boolean computesInBFloat16() {
        if (!has(dnnl.dnnl_cpu_isa_avx512_core)) {
            throw new IllegalArgumentException("Cannot compute in bfloat16 on this processor: it has no AVX-512 (expected model.precision = fp32)");
        }
        return multipliesBFloat16() || Emulation.WARNED;
    }

    /** Warns when first asked. */
    private static final class Emulation {
        private static final boolean WARNED = warn();

        private static boolean warn() {
            LOG.warn("This processor does not multiply bfloat16 (AVX-512 BF16): it is emulated, and slower than float32");
            return true;
        }
    }

    /** Whether the processor multiplies bfloat16 in hardware. */
    static boolean multipliesBFloat16() {
        return has(dnnl.dnnl_cpu_isa_avx512_core_bf16);
    }

    static boolean has(int instructions) {
        return (dnnl.dnnl_get_effective_cpu_isa() & instructions) == instructions;
    }
}
