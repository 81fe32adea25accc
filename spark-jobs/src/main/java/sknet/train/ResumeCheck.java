package sknet.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Whether a run may go on from a checkpoint: what decides its result must not have changed since. */
final class ResumeCheck {

    /** Names in the provenance that the result depends on. Others, like the number of executors, may change. */
    private static final List<String> DECISIVE =
        List.of("dataset.fingerprint", "train.seed", "train.wire", "model.", "optimizer.", "batch.", "augmentation.");

    private ResumeCheck() {
    }

    static void sameResult(TrainingPlan plan, Map<String, String> before) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(plan.provenance().keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String was = before.get(name);
            String is = plan.provenance().get(name);
            if (DECISIVE.stream().anyMatch(name::startsWith) && !String.valueOf(was).equals(String.valueOf(is))) {
                differences.add(name + " was " + was + " and is " + is);
            }
        }
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("Cannot resume the run in " + plan.directory() + ": "
                + String.join("; ", differences) + " (expected the same settings, or another --output)");
        }
    }
}
