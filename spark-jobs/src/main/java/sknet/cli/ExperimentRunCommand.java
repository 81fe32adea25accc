package sknet.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.train.ExecutorMemory;

/** {@code sknet experiment run}. */
@Command(name = "run", aliases = "resume", mixinStandardHelpOptions = true,
    description = "Trains and evaluates what is missing of an experiment. May be stopped at any time: given again, it goes on. Runs go side by side where "
        + "the master has executors for several (train.executors says how many one takes).")
final class ExperimentRunCommand implements Callable<Integer> {

    @Mixin
    private ExperimentArguments arguments;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data set, which 'sknet prepare' wrote.")
    private String data;

    @Option(names = "--only", split = ",", paramLabel = "MODEL", description = "Only these rows, by their ids.")
    private List<String> only = List.of();

    @Option(names = "--dry-run", description = "Start nothing: check all settings, and print what is missing, what it needs of memory and disk, and how long "
        + "it takes by a step measured on this machine.")
    private boolean dryRun;

    @Override
    public Integer call() throws Exception {
        PlannedExperiment planned = arguments.experiment().only(only);
        if (dryRun) {
            new ExperimentForecast(planned, data).print(SparkSessions.hadoop(), arguments.output());
            return 0;
        }
        SparkConf conf = SparkSessions.conf("sknet experiment " + planned.experiment().name());
        MemorySettings.set(conf, "run " + planned.experiment().name(), memory(conf, planned));
        try (JavaSparkContext spark = SparkSessions.open(conf); StopSignal signal = StopSignal.listen()) {
            new ExperimentJob(spark, planned, data, arguments.output(), signal.wish()).run();
        }
        System.out.printf("./sknet experiment report %s --output %s PAGE.html writes the curves and the table%n", arguments.file(), arguments.output());
        return 0;
    }

    /** What suffices for each row. */
    private ExecutorMemory memory(SparkConf conf, PlannedExperiment planned) throws IOException {
        Optional<ExecutorMemory> most = Optional.empty();
        for (PlannedExperiment.Row row : planned.rows()) {
            ExecutorMemory needed = TrainingJob.of(SparkSessions.hadoop(conf), row.settings(), data)
                .memory(SparkSessions.executors(conf, row.settings().train().executors()));
            most = Optional.of(most.map(needed::or).orElse(needed));
        }
        return most.orElseThrow();
    }
}
