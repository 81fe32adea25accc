package sknet.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.hadoop.util.VersionInfo;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.onednn.OneDnnLibrary;
import sknet.kernel.vector.VectorKernels;

/** The versions of everything that computes here, and what it computes on: name by name, in the order to be told. */
final class Versions {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String UNKNOWN = "unknown";

    private Versions() {
    }

    static Map<String, String> here() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("sknet", BuildVersion.number());
        facts.put("commit", BuildVersion.commit().orElse(UNKNOWN));
        facts.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        facts.put("java.home", System.getProperty("java.home"));
        facts.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
        facts.put("spark.home", Optional.ofNullable(System.getenv("SPARK_HOME")).orElse(UNKNOWN));
        facts.put("scala", scala.util.Properties.versionNumberString());
        facts.put("hadoop", VersionInfo.getVersion());
        facts.put("dl4j", ofArtifact("org.deeplearning4j", "deeplearning4j-nn"));
        facts.put("nd4j", ofArtifact("org.nd4j", "nd4j-api"));
        facts.put("backend", backend());
        OneDnnLibrary library = OneDnnLibrary.loaded();
        facts.put("onednn", library.version());
        facts.put("javacpp", javaCpp());
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        facts.put("processor", processor() + ", " + Runtime.getRuntime().availableProcessors() + " for this program");
        facts.put("instructions", String.join(", ", library.instructions()));
        facts.put("java.vectors", vectors());
        return facts;
    }

    /** CPU or CUDA, or why there is neither: a GPU's driver may be missing. */
    private static String backend() {
        try {
            return Nd4j.getBackend().getClass().getSimpleName();
        } catch (RuntimeException | LinkageError e) {
            return "none: " + e;
        }
    }

    private static String javaCpp() {
        try {
            return Loader.getVersion();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tell the version of JavaCPP", e);
        }
    }

    private static String vectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? VectorKernels.width() * Float.SIZE + " bits"
            : "none (expected --add-modules=jdk.incubator.vector among the options of java)";
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name")).findFirst().map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse(UNKNOWN);
        } catch (IOException | UncheckedIOException e) {
            return UNKNOWN;
        }
    }

    private static String ofArtifact(String group, String artifact) {
        try (InputStream in = Versions.class.getResourceAsStream("/META-INF/maven/" + group + "/" + artifact + "/pom.properties")) {
            if (in == null) {
                return UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tell the version of " + artifact, e);
        }
    }
}
