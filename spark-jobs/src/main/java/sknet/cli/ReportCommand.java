package sknet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import sknet.data.shard.Storage;
import sknet.report.HtmlReport;
import sknet.report.RunCurves;

/** {@code sknet report}. */
@Command(name = "report", mixinStandardHelpOptions = true,
    description = "Writes an HTML page with the curves and errors of the runs in a directory that 'sknet train' wrote.")
final class ReportCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "OUTPUT", description = "train's --output.")
    private String output;

    @Parameters(index = "1", paramLabel = "FILE", description = "The page, a local file.")
    private Path file;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        common.settings();
        write(SparkSessions.hadoop(), output, file);
        System.out.println("written to " + file.toAbsolutePath());
        return 0;
    }

    static void write(Configuration hadoop, String output, Path file) throws IOException {
        org.apache.hadoop.fs.Path training = new org.apache.hadoop.fs.Path(output);
        FileSystem fileSystem = Storage.connect(hadoop, training);
        List<RunCurves> runs = new ArrayList<>();
        for (org.apache.hadoop.fs.Path run : Training.runs(fileSystem, fileSystem.makeQualified(training))) {
            runs.add(RunCurves.read(fileSystem, run));
        }
        Files.writeString(file, HtmlReport.of(fileSystem.makeQualified(training).toString(), runs));
    }
}
