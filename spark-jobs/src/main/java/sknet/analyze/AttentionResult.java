package sknet.analyze;

import java.util.List;
import sknet.model.SelectiveUnit;

/**
 * What an analysis found.
 *
 * @param plan     what was asked
 * @param classes  their names, by label
 * @param sums     over all images
 * @param examples single images
 */
public record AttentionResult(AttentionPlan plan, List<String> classes, AttentionSums sums, List<Example> examples) {

    /** The units of the network. */
    List<SelectiveUnit> units() {
        return plan.units();
    }

    /** A scale as the paper writes it, like 1.5x. */
    String scaleName(int scale) {
        return plan.scales().get(scale) + "x";
    }
}
