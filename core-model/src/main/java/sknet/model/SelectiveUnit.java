package sknet.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import sknet.layer.Bottleneck;
import sknet.layer.ConvolutionSpec;
import sknet.layer.SelectiveKernelConvolution;

/**
 * A place of a network where it selects among kernels.
 *
 * @param name     as in the paper: SK_3_4 is the fourth unit of the stage that the stem is the first of, and SK_2_1_shortcut the one in a shortcut of
 *                 ShuffleNet; a layer that is in no stage keeps its own name
 * @param layer    the layer's name
 * @param stage    as in the name, from 2; 0 for a layer that is in no stage
 * @param channels C
 * @param kernels  M of them, 2 or more, the smallest first
 */
public record SelectiveUnit(String name, String layer, int stage, int channels, List<Kernel> kernels) implements Serializable {

    private static final Pattern PLACE = Pattern.compile("stages\\.(\\d{1,4})\\.(\\d{1,4})(\\.shortcut)?(?:\\.(?:mid|depthwise))?");
    /** Stages of the paper count the stem, and everything from 1. */
    private static final int FIRST_STAGE = 2;

    /**
     * One kernel.
     *
     * @param name   its size with dilation, like 5x5; with the branch where several are of that size
     * @param branch its place in the layer
     */
    public record Kernel(String name, int branch) implements Serializable {
    }

    /** Copies the list. */
    public SelectiveUnit {
        kernels = List.copyOf(kernels);
    }

    /** The units of a network, in its own order; an SK convolution of one kernel is none. */
    public static List<SelectiveUnit> of(ComputationGraphConfiguration network) {
        List<SelectiveUnit> units = new ArrayList<>();
        for (Map.Entry<String, GraphVertex> vertex : network.getVertices().entrySet()) {
            if (vertex.getValue() instanceof LayerVertex layer) {
                selection(layer.getLayerConf().getLayer()).filter(selection -> selection.branches().size() > 1)
                    .ifPresent(selection -> units.add(of(vertex.getKey(), selection)));
            }
        }
        return units;
    }

    private static Optional<SelectiveKernelConvolution> selection(Layer layer) {
        if (layer instanceof Bottleneck block) {
            return selection(block.middle());
        }
        return layer instanceof SelectiveKernelConvolution selection ? Optional.of(selection) : Optional.empty();
    }

    private static SelectiveUnit of(String layer, SelectiveKernelConvolution selection) {
        int channels = Math.toIntExact(selection.getNOut());
        List<Kernel> kernels = kernels(selection.branches());
        Matcher place = PLACE.matcher(layer);
        if (!place.matches()) {
            return new SelectiveUnit(layer, layer, 0, channels, kernels);
        }
        int stage = Integer.parseInt(place.group(1)) + FIRST_STAGE;
        String name = "SK_" + stage + "_" + (Integer.parseInt(place.group(2)) + 1) + (place.group(3) == null ? "" : "_shortcut");
        return new SelectiveUnit(name, layer, stage, channels, kernels);
    }

    private static List<Kernel> kernels(List<ConvolutionSpec> branches) {
        boolean distinct = branches.stream().map(SelectiveUnit::size).distinct().count() == branches.size();
        return IntStream.range(0, branches.size()).boxed()
            .sorted(Comparator.comparingInt(branch -> extent(branches.get(branch).kernelHeight(), branches.get(branch))
                * extent(branches.get(branch).kernelWidth(), branches.get(branch))))
            .map(branch -> new Kernel(size(branches.get(branch)) + (distinct ? "" : " of branch " + branch), branch)).toList();
    }

    private static String size(ConvolutionSpec branch) {
        return extent(branch.kernelHeight(), branch) + "x" + extent(branch.kernelWidth(), branch);
    }

    private static int extent(int taps, ConvolutionSpec branch) {
        return branch.dilation() * (taps - 1) + 1;
    }

    /** The kernel whose attention the paper draws. */
    public Kernel largest() {
        return kernels.get(kernels.size() - 1);
    }

    /** What is subtracted, like "5x5 - 3x3". */
    public String difference() {
        return largest().name() + " - " + kernels.get(0).name();
    }

    /**
     * Units that stand for low, middle and high ones: the last of the first stage, of the second and of the last one, which are SK_2_3, SK_3_4 and SK_5_3
     * of SKNet-50 (Figure 4); the first and the last unit where there is one stage.
     */
    public static List<SelectiveUnit> representatives(List<SelectiveUnit> units) {
        List<Integer> stages = units.stream().map(SelectiveUnit::stage).distinct().toList();
        if (stages.size() == 1) {
            return List.of(units.get(0), units.get(units.size() - 1)).stream().distinct().toList();
        }
        return IntStream.of(0, 1, stages.size() - 1).distinct().mapToObj(stages::get)
            .map(stage -> units.stream().filter(unit -> unit.stage() == stage).reduce((first, second) -> second).orElseThrow()).toList();
    }
}
