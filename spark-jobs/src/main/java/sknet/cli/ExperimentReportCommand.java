package sknet.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import sknet.experiment.RowState;
import sknet.experiment.RunState;
import sknet.report.ExperimentReport;
import sknet.report.RunCurves;

/** {@code sknet experiment report}. */
@Command(name = "report", mixinStandardHelpOptions = true,
    description = "Writes an HTML page with an experiment's table beside the paper's figures, the curves of its runs, and their speed.")
final class ExperimentReportCommand implements Callable<Integer> {

    @Mixin
    private ExperimentArguments arguments;

    @Parameters(index = "1", paramLabel = "PAGE", description = "The page, a local file.")
    private Path page;

    @Override
    public Integer call() throws Exception {
        PlannedExperiment planned = arguments.experiment();
        FileSystem fileSystem = arguments.connect(SparkSessions.hadoop());
        List<ExperimentReport.Row> rows = new ArrayList<>();
        for (RowState state : planned.states(fileSystem, arguments.output())) {
            List<RunCurves> runs = new ArrayList<>();
            for (RunState run : state.runs()) {
                if (run.phase() != RunState.Phase.WAITING) {
                    runs.add(RunCurves.read(fileSystem, run.directory()));
                }
            }
            rows.add(new ExperimentReport.Row(state, runs));
        }
        Files.writeString(page, ExperimentReport.of(planned.experiment(), fileSystem.makeQualified(arguments.output()).toString(), rows, planned.crops()));
        System.out.println("written to " + page.toAbsolutePath());
        return 0;
    }
}
