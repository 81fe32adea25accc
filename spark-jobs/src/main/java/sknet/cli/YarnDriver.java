package sknet.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.output.TeeWriter;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * A command whose driver is YARN's ApplicationMaster. One that is lost is started again by YARN, and a training goes on from its newest checkpoint. A
 * command that failed by itself would fail again, which YARN cannot know: it leaves its message in the application's directory, and the next attempt
 * has only to repeat it.
 */
record YarnDriver(FileSystem fileSystem, Path failure) {

    private static final String DIRECTORY_VARIABLE = "SPARK_YARN_STAGING_DIR";

    /** Empty where the driver is something else. */
    static Optional<YarnDriver> ofThisProcess() throws IOException {
        String directory = System.getenv(DIRECTORY_VARIABLE);
        if (directory == null || !System.getProperty("spark.submit.deployMode", "").equals("cluster")) {
            return Optional.empty();
        }
        Path failure = new Path(directory, "sknet-failure.txt");
        return Optional.of(new YarnDriver(failure.getFileSystem(SparkHadoopUtil.get().newConfiguration(new SparkConf())), failure));
    }

    /**
     * Runs a command. Its end is told by return or exception: an early exit, even with 0, is a failure to YARN.
     *
     * @throws CommandFailedException if its exit code is not 0; when YARN makes no other attempt, it shows the message to whoever submitted the command
     */
    void run(String... arguments) throws IOException {
        if (fileSystem.exists(failure)) {
            try (var in = fileSystem.open(failure)) {
                System.err.println(IOUtils.toString(in, StandardCharsets.UTF_8));
            }
            // Of an ApplicationMaster that ends early YARN shows its last words, and no more.
            System.exit(Main.FAILURE);
        }
        StringWriter errors = new StringWriter();
        int exitCode = Main.run(new TeeWriter(new OutputStreamWriter(System.err, Charset.defaultCharset()), errors), errors::write, arguments);
        if (exitCode != 0) {
            throw failed(errors.toString().isBlank() ? "exit code " + exitCode + "; the driver's log says why" : errors.toString().strip());
        }
    }

    private CommandFailedException failed(String message) {
        CommandFailedException failed = new CommandFailedException(message);
        try (var out = fileSystem.create(failure, true)) {
            out.write(message.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            failed.addSuppressed(e);
        }
        return failed;
    }

    /** Its message is all there is to say. */
    static final class CommandFailedException extends RuntimeException {

        CommandFailedException(String message) {
            super(message, null, true, false);
        }
    }
}
