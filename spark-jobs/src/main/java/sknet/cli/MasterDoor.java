package sknet.cli;

import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/**
 * Asks a standalone cluster's Masters whether they let an application in. Spark itself knocks for a minute, prints a stack trace each time, and then
 * gives up without saying why.
 */
final class MasterDoor {
    private static final String PREFIX = "spark://";
    private static final String NETWORK = "org.apache.spark.network";
    private static final String ENDPOINT = "Master";

    private MasterDoor() {
    }

    /**
     * Knocks once.
     *
     * @throws IllegalArgumentException if there is a Master and none lets the application in; Masters that are not there are waited for by Spark
     */
    static void requireOpen(SparkConf conf) {
        String url = SparkSessions.master(conf);
        if (!url.startsWith(PREFIX)) {
            return;
        }
        Level level = LogManager.getLogger(NETWORK).getLevel();
        Configurator.setLevel(NETWORK, Level.OFF);
        List<String> refusals = refusals(conf, url.substring(PREFIX.length()).split(","));
        if (!refusals.isEmpty()) {
            // The network stays silent: its threads go on telling of it.
            throw new IllegalArgumentException("Cannot join the cluster of " + PREFIX + String.join(",", refusals) + ": it refuses an application "
                + (conf.getBoolean("spark.authenticate", false) ? "with this secret" : "without its secret")
                + " (expected --secret-file with the secret that its Master has, or none where it has none)");
        }
        Configurator.setLevel(NETWORK, level);
    }

    /** The Masters that are there and refuse; none if another one does not. */
    private static List<String> refusals(SparkConf conf, String[] masters) {
        SparkConf impatient = conf.clone().set("spark.rpc.lookupTimeout", "20s");
        // As Spark's own client of Masters is made; it listens nowhere.
        RpcEnv rpc = RpcEnv.create("sknet-door", "127.0.0.1", 0, impatient,
            new SecurityManager(impatient, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE()), true);
        try {
            List<String> refusals = new ArrayList<>();
            for (String master : masters) {
                if (opens(rpc, master, refusals)) {
                    return List.of();
                }
            }
            return refusals;
        } finally {
            rpc.shutdown();
            rpc.awaitTermination();
        }
    }

    private static boolean opens(RpcEnv rpc, String master, List<String> refusals) {
        try {
            rpc.setupEndpointRef(RpcAddress.fromSparkURL(PREFIX + master), ENDPOINT);
            return true;
        } catch (Exception e) {
            if (!(root(e) instanceof ConnectException)) {
                refusals.add(master);
            }
            return false;
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
