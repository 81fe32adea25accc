package sknet.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Spark contexts with the settings that barrier training needs, wherever spark-submit left them open. */
final class SparkSessions {

    private static final Pattern LOCAL = Pattern.compile("local(?:-cluster)?\\[(\\d+|\\*)[,\\]].*");

    private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

    /**
     * How glibc deals with native memory. Large pages: a step touches gigabytes. Large blocks go back when they are freed: the first step allocates
     * all its memory twice, once to learn how much it needs.
     */
    private static final Map<String, String> NATIVE_MEMORY = Map.of("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", "MALLOC_ARENA_MAX", "2",
        "MALLOC_MMAP_THRESHOLD_", "1048576");

    /**
     * Java's vectors, whose places the kernels check once and not for each vector. And JavaCPP allows no more native memory than the heap's size; how
     * much an executor may have is for Spark and the cluster to say.
     */
    private static final String KERNEL_OPTIONS = "--add-modules=jdk.incubator.vector -Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0"
        + " -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0";

    private SparkSessions() {
    }

    static JavaSparkContext open(String application) {
        return open(conf(application));
    }

    /** What spark-submit was told, for an application that has more to say before its context opens. */
    static SparkConf conf(String application) {
        return new SparkConf().setAppName(application);
    }

    /** How an application reaches its files before its context is open. */
    static Configuration hadoop(SparkConf conf) {
        return SparkHadoopUtil.get().newConfiguration(conf);
    }

    /** The same for a command that opens none. */
    static Configuration hadoop() {
        return hadoop(new SparkConf());
    }

    /**
     * A context that reaches its files by settings of its own.
     *
     * @param hadoop settings of the Hadoop client, in the driver and the executors
     */
    static JavaSparkContext open(String application, Map<String, String> hadoop) {
        SparkConf conf = conf(application);
        hadoop.forEach((key, value) -> conf.set("spark.hadoop." + key, value));
        return open(conf);
    }

    static JavaSparkContext open(SparkConf conf) {
        // One task an executor: a replica owns the executor's cores, and its GPU when it has one.
        if (conf.contains("spark.executor.cores")) {
            conf.setIfMissing("spark.task.cpus", conf.get("spark.executor.cores"));
        }
        // A barrier stage is checked for slots every 15 s otherwise, and may be checked before the executors are there.
        conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
        // Ten minutes, as by default: a lost executor's place may take long to be filled.
        conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "600");
        // An executor that hangs is found within spark.network.timeout and this, which by default is a minute and may not be the longer one.
        conf.setIfMissing("spark.network.timeoutInterval", Math.min(10_000, conf.getTimeAsMs("spark.network.timeout", "120s")) + "ms");
        conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        // Spark gives each executor as many OpenMP threads as a task has cores; waiting, they shall not spin.
        conf.setIfMissing("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        takeSecret(conf);
        NATIVE_MEMORY.forEach((name, value) -> conf.setIfMissing("spark.executorEnv." + name, value));
        conf.set(EXECUTOR_OPTIONS, conf.get(EXECUTOR_OPTIONS, "") + " " + KERNEL_OPTIONS);
        MasterDoor.requireOpen(conf);
        return master(conf).startsWith("local-cluster[") ? new LocalCluster(conf) : new JavaSparkContext(conf);
    }

    /** Spark takes its secret from the environment everywhere but in the driver of a standalone cluster. */
    private static void takeSecret(SparkConf conf) {
        String secret = System.getenv(SecurityManager.ENV_AUTH_SECRET());
        if (secret != null && conf.getBoolean("spark.authenticate", false)) {
            conf.setIfMissing(SecurityManager.SPARK_AUTH_SECRET_CONF(), secret);
        }
    }

    /**
     * Master and workers in this JVM are stopped all at once, while they still talk to each other and tidy up: they log errors, and print
     * stack traces past all loggers. What the commands have to say goes to the standard error that picocli holds.
     */
    private static final class LocalCluster extends JavaSparkContext {

        LocalCluster(SparkConf conf) {
            super(conf);
        }

        @Override
        public void stop() {
            Configurator.setAllLevels("org.apache.spark", Level.OFF);
            System.setErr(new PrintStream(OutputStream.nullOutputStream()));
            super.stop();
        }
    }

    /**
     * Tasks that run at once, one an executor.
     *
     * @param configured train.executors; 0 to ask the master
     */
    static int executors(SparkConf conf, int configured) {
        return configured > 0 ? configured : executorsOfMaster(conf).orElseThrow(() -> new IllegalArgumentException("Cannot tell how many executors "
            + master(conf) + " gives (expected train.executors, spark.executor.instances, or spark.cores.max with spark.executor.cores)"));
    }

    /** As many as the master gives, where its name or the settings say. */
    static OptionalInt executorsOfMaster(SparkConf conf) {
        String master = master(conf);
        Matcher local = LOCAL.matcher(master);
        if (master.equals("local")) {
            return OptionalInt.of(1);
        }
        if (local.matches()) {
            return OptionalInt.of(local.group(1).equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(local.group(1)));
        }
        if (conf.contains("spark.executor.instances")) {
            return OptionalInt.of(conf.getInt("spark.executor.instances", 1));
        }
        if (conf.contains("spark.cores.max") && conf.contains("spark.executor.cores")) {
            return OptionalInt.of(conf.getInt("spark.cores.max", 1) / conf.getInt("spark.executor.cores", 1));
        }
        return OptionalInt.empty();
    }

    /** spark.master; empty where nobody has named one. */
    static String master(SparkConf conf) {
        return conf.get("spark.master", "");
    }
}
