package sknet.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import sknet.data.prepare.DatasetVerification;
import sknet.train.JobLabel;

/** {@code sknet prepare verify}. */
@Command(name = "verify", mixinStandardHelpOptions = true,
    description = "Reads every shard of a data set and compares it with its index and the manifest. Exit code 1 if anything is damaged.")
final class PrepareVerifyCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The data set's directory.")
    private String dataset;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        common.settings();
        List<String> damages;
        try (JavaSparkContext spark = SparkSessions.open("sknet prepare verify " + dataset);
             Progress progress = Progress.start("verifying"); JobLabel label = JobLabel.of(spark, dataset, "verify " + dataset)) {
            damages = DatasetVerification.run(spark, dataset, (done, total) -> progress.update(done, total, ""));
        }
        damages.forEach(System.out::println);
        System.out.println(damages.isEmpty() ? "whole: " + dataset : damages.size() + " damages in " + dataset);
        return damages.isEmpty() ? 0 : Main.FAILURE;
    }
}
