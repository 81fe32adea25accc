package sknet.model;

import java.util.List;
import java.util.stream.IntStream;
import sknet.layer.ConvolutionSpec;
import sknet.layer.SelectiveKernelConvolution;

/** The convolution in the middle of a bottleneck block; the builder adds the block's stride. */
public sealed interface Middle {

    /**
     * ResNeXt's grouped 3x3 convolution with batch norm and ReLU.
     *
     * @param groups cardinality; 1 for ResNet's
     */
    record Grouped(int groups) implements Middle {}

    /**
     * An SK convolution, SK[M, G, r] in the paper with M the number of branches.
     *
     * @param branches  the branches' convolutions; their groups are G
     * @param reduction r of equation 4
     * @param minimum   L of equation 4
     */
    record SelectiveKernel(List<ConvolutionSpec> branches, int reduction, int minimum) implements Middle {

        /** Copies the list. */
        public SelectiveKernel {
            branches = List.copyOf(branches);
        }

        /** SK[M, G, r] with 3x3 kernels of dilation 1 to M: the "3x3, 5x5, ..." of the paper. */
        public static SelectiveKernel dilated(int branches, int groups, int reduction, int minimum) {
            return new SelectiveKernel(IntStream.rangeClosed(1, branches)
                    .mapToObj(dilation -> ConvolutionSpec.ofKernel(3).withDilation(dilation).withGroups(groups)).toList(),
                    reduction, minimum);
        }

        SelectiveKernelConvolution layer(int channels, int stride, double batchNormMomentum) {
            return new SelectiveKernelConvolution(channels, channels, branches.stream().map(branch
                    -> branch.withStride(stride)).toList(),
                    SelectiveKernelConvolution.fusedWidth(channels, reduction, minimum), batchNormMomentum);
        }
    }
}
