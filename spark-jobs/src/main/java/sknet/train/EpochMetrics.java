package sknet.train;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An epoch of a run, or what is done of it.
 *
 * @param epoch           counted from 0
 * @param loss            mean training loss of its images
 * @param imagesPerSecond of all replicas together
 * @param dataShare       share of the time that the slowest replica waited for images, 0 to 1
 * @param corrupt         corrupt records that others took the place of
 */
public record EpochMetrics(int epoch, double loss, double imagesPerSecond, double dataShare, int corrupt) {

    /** The epochs that the lines of a history belong to, in their order. Lines of a history without times are left out. */
    public static List<EpochMetrics> of(List<StepMetrics> lines) {
        TreeMap<Integer, List<StepMetrics>> byEpoch = new TreeMap<>();
        lines.stream().filter(line -> line.seconds() > 0)
            .forEach(line -> byEpoch.computeIfAbsent(line.epoch(), epoch -> new ArrayList<>()).add(line));
        return byEpoch.values().stream().map(EpochMetrics::summarise).toList();
    }

    /** Share of the time of all these steps that was spent waiting for images, 0 to 1; 0 without any steps. */
    public static double dataShare(List<StepMetrics> lines) {
        double seconds = lines.stream().mapToDouble(StepMetrics::seconds).sum();
        return seconds == 0 ? 0 : lines.stream().mapToDouble(line -> line.dataShare() * line.seconds()).sum() / seconds;
    }

    private static EpochMetrics summarise(List<StepMetrics> lines) {
        double seconds = lines.stream().mapToDouble(StepMetrics::seconds).sum();
        double images = lines.stream().mapToDouble(EpochMetrics::images).sum();
        double loss = lines.stream().mapToDouble(line -> line.loss() * images(line)).sum() / images;
        return new EpochMetrics(lines.get(0).epoch(), loss, images / seconds, dataShare(lines),
            lines.stream().mapToInt(StepMetrics::corrupt).sum());
    }

    private static double images(StepMetrics line) {
        return line.imagesPerSecond() * line.seconds();
    }
}
