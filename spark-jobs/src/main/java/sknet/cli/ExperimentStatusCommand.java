package sknet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import sknet.experiment.ExperimentTable;
import sknet.experiment.RowState;
import sknet.experiment.RunState;

/** {@code sknet experiment status}. */
@Command(name = "status", mixinStandardHelpOptions = true,
    description = "Says how far an experiment's runs are, from their directories alone, and prints its table.")
final class ExperimentStatusCommand implements Callable<Integer> {

    @Mixin
    private ExperimentArguments arguments;

    @Override
    public Integer call() throws Exception {
        PlannedExperiment planned = arguments.experiment();
        List<RowState> states = planned.states(arguments.connect(SparkSessions.hadoop()), arguments.output());
        System.out.println(planned.experiment().title());
        System.out.println();
        for (RowState state : states) {
            List<String> runs = new ArrayList<>();
            state.runs().forEach(run -> runs.add("run-" + run.seed() + " " + words(run)));
            System.out.printf(Locale.ROOT, "%-28s %s%n", state.row().label(), String.join(", ", runs));
        }
        System.out.println();
        System.out.print(ExperimentTable.text(states, planned.crops()));
        return 0;
    }

    private static String words(RunState run) {
        return switch (run.phase()) {
            case WAITING -> "not started";
            case STARTED -> String.format(Locale.ROOT, "at epoch %d of %d", run.epoch(), run.goal().epochs());
            case TRAINED -> "trained, not evaluated";
            case DONE -> "done";
        };
    }
}
