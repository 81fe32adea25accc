package sknet.interchange;

import static sknet.interchange.OnnxGraph.attribute;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import sknet.kernel.ChannelRun;
import sknet.layer.ChannelGather;

/** Channels put together from those of several maps: slices behind each other, and where a run's channels do not stay neighbours, a Gather. */
final class OnnxGather {
    private OnnxGather() {}

    static String of(ChannelGather gather, OnnxPart part, List<String> inputs) {
        List<ChannelRun> runs = gather.runs().stream().sorted(Comparator.comparingInt(ChannelRun::target)).toList();
        List<String> slices = IntStream.range(0, runs.size()).mapToObj(i -> slice(gather, part, i, runs.get(i), inputs)).toList();
        String joined = slices.size() == 1 ? slices.get(0) : part.node("Concat", "joined", slices, attribute("axis", 1));
        if (runs.stream().allMatch(run -> run.step() == 1)) {
            return joined;
        }
        return part.node("Gather", "shuffled", List.of(joined, part.constant("order", order(runs, gather.outChannels()))), attribute("axis", 1));
    }

    private static String slice(ChannelGather gather, OnnxPart part, int number, ChannelRun run, List<String> inputs) {
        String input = inputs.get(run.input());
        if (run.count() == gather.inChannels().get(run.input())) {
            return input;
        }
        OnnxPart slice = part.in("slice" + number);
        return slice.node("Slice", "channels", List.of(input, slice.constant("first", run.first()), slice.constant("end", run.first() + run.count()),
                slice.constant("axis", 1)));
    }

    /** Which of the channels, one run's behind the other's, is the output's first, second and so on. */
    private static long[] order(List<ChannelRun> runs, int channels) {
        long[] order = new long[channels];
        int from = 0;
        for (ChannelRun run : runs) {
            for (int i = 0; i < run.count(); i++) {
                order[run.target() + i * run.step()] = from++;
            }
        }
        return order;
    }
}
