package sknet.train;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** What went wrong in a Spark stage, in one line, without Spark's frame around it. */
public final class StageFailure {

    /** Where Spark's text of a failed stage quotes an executor's exception. */
    private static final Pattern QUOTED = Pattern.compile("(?m)(?:^Caused by: |\\): |^)[a-z][\\w.$]+(?:Exception|Error): (.+)$");
    /** What Spark says of an executor that is gone. */
    private static final Pattern LOST = Pattern.compile("(?m)ExecutorLostFailure \\((executor \\S+) [^)]*\\)(?: Reason: (.+))?$");

    private StageFailure() {
    }

    /** The message of the executor's own exception, or what became of the executor, or else Spark's first line. */
    public static String reason(SparkException failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher quoted = QUOTED.matcher(message);
        if (quoted.find()) {
            return quoted.group(1);
        }
        Matcher lost = LOST.matcher(message);
        if (lost.find()) {
            return lost.group(1) + " is lost" + (lost.group(2) == null ? "" : ": " + lost.group(2));
        }
        return message.lines().findFirst().orElse(message);
    }
}
