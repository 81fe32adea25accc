package sknet.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Whether a run may go on from a checkpoint: what decides its result must not have changed since. */
public final class ResumeCheck {

    /** Names in the provenance that the result depends on. Others, like the number of executors, may change. */
    private static final List<String> DECISIVE =
        List.of("dataset.fingerprint", "dataset.order", "train.seed", "train.wire", "model.", "optimizer.", "batch.", "augmentation.");
    /** What checkpoints that do not name these settings yet were trained with. */
    private static final Map<String, String> BEFORE = Map.of("optimizer.schedule", "step", "optimizer.warm-up-epochs", "0",
        "optimizer.clip-norm", "0", "optimizer.ema-decay", "0", "train.wire", "fp32", "dataset.order", ReadingPlan.WHOLE);

    private ResumeCheck() {
    }

    static void sameResult(TrainingPlan plan, Map<String, String> before) {
        List<String> differences = differences(plan.provenance(), before);
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("Cannot resume the run in " + plan.directory() + ": "
                + String.join("; ", differences) + " (expected the same settings, or another --output)");
        }
    }

    /** What decides a run's result and differs between two provenances, each like "train.seed was 1 and is 2". */
    public static List<String> differences(Map<String, String> now, Map<String, String> before) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String was = before.getOrDefault(name, BEFORE.get(name));
            String is = now.get(name);
            if (isDecisive(name, now) && !String.valueOf(was).equals(String.valueOf(is))) {
                differences.add(name + " was " + was + " and is " + is);
            }
        }
        return differences;
    }

    private static boolean isDecisive(String name, Map<String, String> settings) {
        // The cosine ends with the last epoch; the step schedule has its own epochs, whenever training stops.
        boolean isEndOfSchedule = name.equals("train.epochs") && "cosine".equalsIgnoreCase(settings.get("optimizer.schedule"));
        return isEndOfSchedule || DECISIVE.stream().anyMatch(name::startsWith);
    }
}
