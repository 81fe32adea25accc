package sknet.model;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import sknet.kernel.Rectifier;
import sknet.layer.ConvolutionSpec;
import sknet.layer.KernelLayer;
import sknet.layer.SelectiveKernelConvolution;

/** The convolution in the middle of a bottleneck block; the builder adds the block's stride. */
public sealed interface Middle {

    /** One that is a single layer. */
    sealed interface Single extends Middle {
        /** From {@code channels} to as many. */
        KernelLayer layer(NetworkGraph graph, long channels, int stride);
    }

    /**
     * ResNeXt's grouped 3x3 convolution with batch norm and ReLU.
     *
     * @param convolution 3x3, perhaps grouped and dilated
     */
    record Grouped(ConvolutionSpec convolution) implements Single {

        /** @param groups cardinality; 1 for ResNet's */
        public Grouped(int groups) {
            this(ConvolutionSpec.ofKernel(3).withGroups(groups));
        }

        @Override
        public KernelLayer layer(NetworkGraph graph, long channels, int stride) {
            return graph.convolution(channels, channels, convolution.withStride(stride), Rectifier.RELU);
        }
    }

    /**
     * Several convolutions with batch norm and ReLU, added up: Table 7 without "SK".
     *
     * @param branches one a kernel
     */
    record Added(List<ConvolutionSpec> branches) implements Middle {

        /** Copies the list. */
        public Added {
            branches = List.copyOf(branches);
        }

        Maps build(NetworkGraph graph, Maps from, int stride) {
            Maps[] maps = IntStream.range(0, branches.size())
                    .mapToObj(m -> graph.convolution("branch" + m, from, from.channels(), branches.get(m).withStride(stride))).toArray(Maps[]::new);
            return graph.sum("sum", Rectifier.NONE, maps);
        }
    }

    /**
     * An SK convolution, SK[M, G, r] in the paper with M the number of branches.
     *
     * @param branches   the branches' convolutions; their groups are G
     * @param rectifiers behind each branch's batch norm
     * @param reduction  r of equation 4
     * @param minimum    L of equation 4
     */
    record SelectiveKernel(List<ConvolutionSpec> branches, List<Rectifier> rectifiers, int reduction, int minimum) implements Single {

        /** Copies the lists. */
        public SelectiveKernel {
            branches = List.copyOf(branches);
            rectifiers = List.copyOf(rectifiers);
        }

        /** With ReLU in every branch. */
        public SelectiveKernel(List<ConvolutionSpec> branches, int reduction, int minimum) {
            this(branches, Collections.nCopies(branches.size(), Rectifier.RELU), reduction, minimum);
        }

        /** SK[M, G, r] with 3x3 kernels of dilation 1 to M: the "3x3, 5x5, ..." of the paper. */
        public static SelectiveKernel dilated(int branches, int groups, int reduction, int minimum) {
            return new SelectiveKernel(IntStream.rangeClosed(1, branches)
                    .mapToObj(dilation -> ConvolutionSpec.ofKernel(3).withDilation(dilation).withGroups(groups)).toList(),
                    reduction, minimum);
        }

        /** The same with other rectifiers. */
        SelectiveKernel with(List<Rectifier> newRectifiers) {
            return new SelectiveKernel(branches, newRectifiers, reduction, minimum);
        }

        @Override
        public KernelLayer layer(NetworkGraph graph, long channels, int stride) {
            return new SelectiveKernelConvolution(channels, channels, branches.stream().map(branch -> branch.withStride(stride)).toList(), rectifiers,
                    SelectiveKernelConvolution.fusedWidth(channels, reduction, minimum), graph.batchNormMomentum());
        }
    }
}
