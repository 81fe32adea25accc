package sknet.kernel.onednn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;

/**
 * What oneDNN is here.
 *
 * @param version      like 2.5.2
 * @param instructions the processor's vector instructions that it has code for and uses, the widest last
 */
public record OneDnnLibrary(String version, List<String> instructions) {

    /** Loads the library and asks it. */
    public static OneDnnLibrary loaded() {
        dnnl_version_t version = dnnl.dnnl_version();
        Map<String, Integer> known = new LinkedHashMap<>();
        known.put("SSE4.1", dnnl.dnnl_cpu_isa_sse41);
        known.put("AVX", dnnl.dnnl_cpu_isa_avx);
        known.put("AVX2", dnnl.dnnl_cpu_isa_avx2);
        known.put("AVX-512", dnnl.dnnl_cpu_isa_avx512_core);
        known.put("AVX-512 VNNI", dnnl.dnnl_cpu_isa_avx512_core_vnni);
        known.put("AVX-512 BF16", dnnl.dnnl_cpu_isa_avx512_core_bf16);
        known.put("AMX", dnnl.dnnl_cpu_isa_avx512_core_amx);
        return new OneDnnLibrary(version.major() + "." + version.minor() + "." + version.patch(),
            known.entrySet().stream().filter(entry -> Device.has(entry.getValue())).map(Map.Entry::getKey).toList());
    }
}
