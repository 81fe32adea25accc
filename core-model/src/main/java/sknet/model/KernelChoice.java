package sknet.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sknet.layer.ConvolutionSpec;

/**
 * SKNet-26, -50 or -101 with any number of any kernels, by a name such as {@code sknet-50-k3-k5-k7}: K3, K5 and K7 are 3x3 kernels of dilation 1, 2
 * and 3 in 32 groups (Table 7), {@code k5g64} is an undilated 5x5 kernel in 64 groups (Table 6); {@code -sum} at the end adds the branches up without
 * attention. r = 16 and L = 32.
 *
 * @param name     all of it
 * @param blocks   of each stage
 * @param branches one a kernel
 * @param attends  whether attention selects among them
 */
record KernelChoice(String name, int[] blocks, List<ConvolutionSpec> branches, boolean attends) {
    /** What names look like. */
    static final String FORM = "sknet-50-k3-k5 or the like";

    private static final Map<String, int[]> DEPTHS = Map.of("26", new int[] {2, 2, 2, 2}, "50", new int[] {3, 4, 6, 3}, "101", new int[] {3, 4, 23, 3});
    private static final Pattern NAME = Pattern.compile("sknet-(26|50|101)((?:-k[13579](?:g\\d{1,4})?)+)(-sum)?");
    private static final Pattern KERNEL = Pattern.compile("k(\\d)(?:g(\\d+))?");
    private static final int GROUPS = 32;

    /** The choice of that name; none if it names no kernels. */
    static Optional<KernelChoice> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<ConvolutionSpec> branches = Arrays.stream(matcher.group(2).substring(1).split("-")).map(KernelChoice::branch).toList();
        return Optional.of(new KernelChoice(name, DEPTHS.get(matcher.group(1)), branches, matcher.group(3) == null));
    }

    private static ConvolutionSpec branch(String kernel) {
        Matcher matcher = KERNEL.matcher(kernel);
        matcher.matches();
        int size = Integer.parseInt(matcher.group(1));
        if (matcher.group(2) != null) {
            return ConvolutionSpec.ofKernel(size).withGroups(Integer.parseInt(matcher.group(2)));
        }
        return size == 1 ? ConvolutionSpec.ofKernel(1).withGroups(GROUPS)
                : ConvolutionSpec.ofKernel(3).withDilation((size - 1) / 2).withGroups(GROUPS);
    }

    Architecture architecture() {
        Middle middle = attends ? new Middle.SelectiveKernel(branches, 16, 32)
                : branches.size() == 1 ? new Middle.Grouped(branches.get(0)) : new Middle.Added(branches);
        return SkNet.imageNet(name, middle, blocks);
    }
}
