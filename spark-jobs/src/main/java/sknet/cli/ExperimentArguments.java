package sknet.cli;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.data.shard.Storage;

/** What the commands on experiments take. */
final class ExperimentArguments {

    @Parameters(index = "0", paramLabel = "FILE", description = "An experiment: a file, or the name of one in conf/experiments, like table-2.")
    private String file;

    @Option(names = "--output", required = true, paramLabel = "DIR",
        description = "Where the runs of all experiments are, like hdfs://namenode:8020/experiments; those of one model in DIR/DATASET/MODEL/run-SEED.")
    private String output;

    @Mixin
    private CommonOptions common;

    PlannedExperiment experiment() {
        return PlannedExperiment.of(ExperimentReader.read(file), common);
    }

    String file() {
        return file;
    }

    Path output() {
        return new Path(output);
    }

    FileSystem connect(Configuration hadoop) throws IOException {
        return Storage.connect(hadoop, output());
    }
}
