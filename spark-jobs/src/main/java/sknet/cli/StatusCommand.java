package sknet.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.data.shard.Storage;
import sknet.status.RunStatus.Phase;
import sknet.status.TrainingStatus;

/** {@code sknet status}. */
@Command(name = "status", mixinStandardHelpOptions = true,
    description = "Says how a training's runs are, going on or ended: how far, how fast, what went wrong, and which command comes next. Needs "
        + "nothing but their directory.")
final class StatusCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofSeconds(10);
    /** Of a terminal: to the upper left corner, and clear what is there. */
    private static final String CLEAR = "\033[H\033[2J";

    @Parameters(index = "0", paramLabel = "RUN", description = "train's --output, or one run-SEED directory in it.")
    private String path;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--watch", description = "Again every 10 seconds, until all runs are finished.")
    private boolean watch;

    @Option(names = "--check", description = "Exit code 1 when somebody should look at a run: it failed, gives no sign of life, or stands still.")
    private boolean check;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException, InterruptedException {
        common.settings();
        FileSystem fileSystem = Storage.connect(SparkSessions.hadoop(), new Path(path));
        Path qualified = fileSystem.makeQualified(new Path(path));
        TrainingStatus status = show(fileSystem, qualified);
        while (watch && !status.all(Phase.FINISHED)) {
            Thread.sleep(PAUSE.toMillis());
            status = show(fileSystem, qualified);
        }
        return check && status.hasProblems() ? Main.FAILURE : 0;
    }

    private TrainingStatus show(FileSystem fileSystem, Path path) throws IOException {
        TrainingStatus status = read(fileSystem, path);
        String next = NextCommand.after(status);
        if (watch && !json && System.console() != null) {
            System.out.print(CLEAR);
        }
        System.out.print(json ? StatusJson.of(status, next) : StatusText.of(status, next));
        System.out.flush();
        return status;
    }

    /** Of a training or of one run; runs of the training that have not begun are among them. */
    private static TrainingStatus read(FileSystem fileSystem, Path path) throws IOException {
        if (Training.isRun(path) && fileSystem.exists(path)) {
            return TrainingStatus.read(fileSystem, path.getParent(), List.of(path));
        }
        List<Path> begun = Training.runs(fileSystem, path);
        TrainingStatus status = TrainingStatus.read(fileSystem, path, begun);
        List<Path> wanted = Training.runs(path, begun, Integer.parseInt(status.settings().getOrDefault("train.runs", "1")));
        return wanted.equals(begun) ? status : TrainingStatus.read(fileSystem, path, wanted);
    }
}
