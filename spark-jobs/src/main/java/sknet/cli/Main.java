package sknet.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sknet}: the entry of every job, by the launcher or by plain spark-submit. */
@Command(name = "sknet", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class, synopsisSubcommandLabel = "COMMAND",
    description = "Trains, evaluates and analyses Selective Kernel Networks on Spark and HDFS.",
    footer = {"", "Exit code: 0 done, 1 failed, 2 wrong usage or configuration.",
        "Settings: conf/reference.conf explains every key."},
    subcommands = {PrepareCommand.class, DataCommand.class, TrainCommand.class, StatusCommand.class, ImportCommand.class, EvaluateCommand.class,
        AnalyzeCommand.class, ExperimentCommand.class, ReportCommand.class, ExportCommand.class, ModelsCommand.class, BenchCommand.class,
        SelfTestCommand.class, VersionCommand.class, DemoCommand.class})
public final class Main {

    /** Exit code of a job that failed. */
    static final int FAILURE = 1;
    /** Exit code for wrong usage or configuration. */
    static final int USAGE = 2;

    private Main() {
    }

    /**
     * Runs one command and ends the JVM with its exit code when that is not 0, or when Spark has left threads behind. In YARN's ApplicationMaster it
     * throws instead.
     */
    public static void main(String[] arguments) throws IOException {
        Optional<YarnDriver> yarn = YarnDriver.ofThisProcess();
        if (yarn.isPresent()) {
            yarn.get().run(arguments);
            return;
        }
        PrintStream errors = System.err;
        int exitCode = FAILURE;
        try {
            exitCode = run(arguments);
        } catch (Error failure) {
            // Picocli lets it pass, and a local cluster that has stopped has silenced standard error.
            errors.println("sknet: " + failure);
            failure.printStackTrace(errors);
        }
        // Where the driver is the executor too, the timer of barriers is a thread that would keep it alive.
        if (exitCode != 0 || System.getProperty("spark.master", "").startsWith("local")) {
            System.exit(exitCode);
        }
    }

    /** What picocli reads the command line by. */
    static Object commands() {
        return new Main();
    }

    static int run(String... arguments) {
        return run(new OutputStreamWriter(System.err, Charset.defaultCharset()), told -> { }, arguments);
    }

    /**
     * Runs one command.
     *
     * @param errors where it says why it failed, in lines
     * @param told   gets the message where standard error has records instead
     */
    static int run(Writer errors, Consumer<String> told, String... arguments) {
        CommandLine line = new CommandLine(commands());
        line.setErr(new PrintWriter(errors, true));
        line.setExecutionExceptionHandler(new FailureReport(told));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionStrategy(new CommandLine.RunLast());
        return line.execute(arguments);
    }
}
