package sknet.cluster;

import java.nio.file.Path;
import java.util.Map;

/** The Spark home that the build assembles. */
final class SparkHome {

    static final Path DIRECTORY = Path.of(System.getProperty("sknet.spark.home", "target/spark-home")).toAbsolutePath().normalize();
    static final String JARS = DIRECTORY.resolve("jars") + "/*";
    static final String HADOOP_JARS = DIRECTORY.resolve("hadoop") + "/*";

    /** Nothing listens but on this machine, and Spark finds its jars without its scripts. */
    static final Map<String, String> ENVIRONMENT = Map.of("SPARK_HOME", DIRECTORY.toString(), "SPARK_SCALA_VERSION", "2.12", "SPARK_LOCAL_IP",
        "127.0.0.1");

    private SparkHome() {
    }
}
