package sknet.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.function.Consumer;
import org.apache.spark.SparkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import sknet.data.prepare.PrepareException;
import sknet.train.StageFailure;

/** One clear line for what went wrong; the stack trace only with {@code --verbose}. */
final class FailureReport implements IExecutionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger("sknet");

    private final Consumer<String> told;

    /** @param told gets the message of a failure that standard error has as a record */
    FailureReport(Consumer<String> told) {
        this.told = told;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult result) {
        if (Notices.areRecords()) {
            LOG.error(message(failure), result.expandedArgs().contains("--verbose") ? failure : null);
            told.accept(message(failure));
            return exitCode(failure);
        }
        line.getErr().println("sknet: " + message(failure));
        if (result.expandedArgs().contains("--verbose")) {
            failure.printStackTrace(line.getErr());
        } else if (!isUsage(failure)) {
            line.getErr().println("sknet: --verbose shows where");
        }
        return exitCode(failure);
    }

    private static int exitCode(Exception failure) {
        return isUsage(failure) ? Main.USAGE : Main.FAILURE;
    }

    private static boolean isUsage(Exception failure) {
        return failure instanceof IllegalArgumentException || failure instanceof InvalidSettingsException
            || failure instanceof PrepareException;
    }

    /** The message of an exception; of a failed Spark stage, that of the executor's own exception. */
    static String message(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            return failure.getClass().getSimpleName();
        }
        // Of these the JDK's message is the file's path alone.
        if (failure instanceof NoSuchFileException) {
            return "Cannot open " + message + ": there is no such file or directory (expected a local path)";
        }
        if (failure instanceof AccessDeniedException) {
            return "Cannot open " + message + ": permission denied (expected a local path that this user may use)";
        }
        if (failure instanceof SparkException stage) {
            return StageFailure.reason(stage);
        }
        return failure.getCause() instanceof SparkException && message.contains("Job aborted") ? message(failure.getCause()) : message;
    }
}
