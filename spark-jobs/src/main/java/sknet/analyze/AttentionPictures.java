package sknet.analyze;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import sknet.model.SelectiveUnit;

/** Draws a result as the paper does, a line a scale. */
final class AttentionPictures {

    /** The paper draws means of 16 successive channels, "for the ease of view"; of few channels there are as many points at least. */
    private static final int GROUP = 16;

    private final AttentionResult result;

    AttentionPictures(AttentionResult result) {
        this.result = result;
    }

    /** Over all images: the difference by unit (Figure 3c, right), each unit's channels (bottom left), and its classes (Figure 4). */
    List<Picture> ofAllImages(List<Integer> labels) throws IOException {
        List<Picture> pictures = new ArrayList<>();
        pictures.add(differenceByUnit("difference-by-unit", result.sums()));
        for (int u : representatives()) {
            pictures.add(channels("", u, result.sums()));
        }
        for (int u : representatives()) {
            pictures.add(classes(u, labels));
        }
        return pictures;
    }

    /** Of one image: the channels of the middle unit, and the difference by unit (Figures 3a, 3b and S5). */
    List<Picture> ofExample(int number) throws IOException {
        AttentionSums sums = result.examples().get(number).sums();
        List<Integer> units = representatives();
        String name = "example-" + (number + 1) + "-";
        return List.of(channels(name, units.get(units.size() / 2), sums), differenceByUnit(name + "difference-by-unit", sums));
    }

    private List<Integer> representatives() {
        return SelectiveUnit.representatives(result.units()).stream().map(result.units()::indexOf).toList();
    }

    private Picture differenceByUnit(String name, AttentionSums sums) throws IOException {
        LineChart chart = new LineChart("SK unit", "mean attention difference", result.units().stream().map(SelectiveUnit::name).toList());
        for (int scale = 0; scale < result.plan().scales().size(); scale++) {
            int at = scale;
            List<Distribution> values = IntStream.range(0, result.units().size()).mapToObj(u -> sums.difference(at, u)).toList();
            add(chart, scale, values, sums);
        }
        return new Picture(name, "Attention, largest kernel minus smallest, by unit", chart.svg());
    }

    private Picture channels(String prefix, int u, AttentionSums sums) throws IOException {
        SelectiveUnit unit = result.units().get(u);
        int group = Math.max(1, Math.min(GROUP, unit.channels() / GROUP));
        int[] first = IntStream.iterate(0, c -> c < unit.channels(), c -> c + group).toArray();
        LineChart chart = new LineChart(group == 1 ? "channel" : "first of " + group + " channels", "attention of " + unit.largest().name(),
            IntStream.of(first).mapToObj(String::valueOf).toList());
        for (int scale = 0; scale < result.plan().scales().size(); scale++) {
            int at = scale;
            add(chart, scale, IntStream.of(first).mapToObj(c -> group(at, u, c, Math.min(c + group, unit.channels()), sums)).toList(), sums);
        }
        return new Picture(prefix + "channels-" + unit.name(), "Attention of " + unit.largest().name() + " by channel in " + unit.name(), chart.svg());
    }

    /** Means over channels, of the means and of the deviations. */
    private Distribution group(int scale, int u, int from, int to, AttentionSums sums) {
        int kernel = result.units().get(u).kernels().size() - 1;
        List<Distribution> each = IntStream.range(from, to).mapToObj(c -> sums.channel(scale, u, kernel, c)).toList();
        return new Distribution(each.stream().mapToDouble(Distribution::mean).average().orElseThrow(),
            each.stream().mapToDouble(Distribution::deviation).average().orElseThrow(), sums.images());
    }

    private void add(LineChart chart, int scale, List<Distribution> values, AttentionSums sums) {
        if (sums.images() > 1) {
            chart.addWithDeviation(result.scaleName(scale), values);
        } else {
            chart.add(result.scaleName(scale), values);
        }
    }

    /** Classes in the order of their difference at the smallest scale, so that the others' distance from it is seen. */
    private Picture classes(int u, List<Integer> labels) throws IOException {
        SelectiveUnit unit = result.units().get(u);
        List<Integer> sorted = labels.stream().filter(label -> result.sums().images(label) > 0)
            .sorted(Comparator.comparingDouble(label -> result.sums().difference(0, u, label).mean())).toList();
        LineChart chart = new LineChart("class", "mean attention difference", sorted.stream().map(result.classes()::get).toList());
        for (int scale = 0; scale < result.plan().scales().size(); scale++) {
            int at = scale;
            chart.add(result.scaleName(scale), sorted.stream().map(label -> result.sums().difference(at, u, label)).toList());
        }
        return new Picture("classes-" + unit.name(), "Attention, " + unit.difference() + ", by class in " + unit.name() + ", " + sorted.size() + " classes",
            chart.svg());
    }
}
