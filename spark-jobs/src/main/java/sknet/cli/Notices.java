package sknet.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What commands tell their user on standard error: lines, or where the launcher's {@code --log-format} is json, records of the log. Results go to
 * standard output.
 */
final class Notices {

    /** Of the environment, where conf/spark/log4j2.properties sees it too. */
    private static final String FORMAT = "SKNET_LOG_FORMAT";
    private static final boolean RECORDS = "json".equals(System.getenv(FORMAT));
    private static final Logger LOG = LoggerFactory.getLogger("sknet");

    private Notices() {
    }

    /** Whether standard error holds nothing but records. */
    static boolean areRecords() {
        return RECORDS;
    }

    /** Of the course of things. */
    static void tell(String text) {
        if (RECORDS) {
            LOG.info("{}", text);
        } else {
            System.err.println(text);
        }
    }

    /** Of something that went wrong and that the command copes with. */
    static void warn(String text) {
        if (RECORDS) {
            LOG.warn("{}", text);
        } else {
            System.err.println(text);
        }
    }
}
