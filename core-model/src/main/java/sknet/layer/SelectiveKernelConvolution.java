package sknet.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.layer.Parameter.Role;

/**
 * The SK convolution of Selective Kernel Networks (section 3.1) as one layer: {@code [N, C', H', W']} to {@code [N, C, H, W]}.
 *
 * <ul>
 * <li>Split: M branches, each a grouped and dilated convolution, batch norm and, but in ShuffleNet, ReLU. A stride sits in the branches.
 * <li>Fuse: element-wise sum (equation 1), global average pooling (2), a fully connected layer to d values with batch norm and
 *     ReLU (3). The pooled sum is computed as the sum of the pooled branches, which differs by rounding only.
 * <li>Select: a fully connected layer to M * C values (row m * C + c is branch m, channel c), softmax over the branches (5),
 *     weighted sum (6).
 * </ul>
 *
 * <p>No convolution or fully connected layer has a bias, and both A and B of equation 5 are kept although one is redundant for M
 * = 2, as in the authors' networks. Any M from 1 on works; M = 1 makes the attention constant 1.
 *
 * <p>Parameters: {@code branch0.conv.weight} (OIHW), {@code branch0.bn.gamma}, {@code branch0.bn.beta}, ..., {@code fc1.weight}
 * [d, C], {@code bn.gamma}, {@code bn.beta}, {@code fc2.weight} [M * C, d]; then the running statistics, {@code branch0.bn.mean}
 * and so on.
 */
public final class SelectiveKernelConvolution extends KernelLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty private List<ConvolutionSpec> branches;
    @JsonProperty private List<Rectifier> rectifiers;
    @JsonProperty private long fusedWidth;
    @JsonProperty private double momentum;

    /** For DL4J's JSON. */
    SelectiveKernelConvolution() {}

    /** With ReLU in every branch. */
    public SelectiveKernelConvolution(long inChannels, long outChannels, List<ConvolutionSpec> branches, long fusedWidth, double momentum) {
        this(inChannels, outChannels, branches, Collections.nCopies(branches.size(), Rectifier.RELU), fusedWidth, momentum);
    }

    /**
     * @param inChannels  C'
     * @param outChannels C
     * @param branches    one convolution a branch, all of the same stride
     * @param rectifiers  behind the batch norm of each branch
     * @param fusedWidth  d of equation 4
     * @param momentum    of the batch norms' running statistics
     * @throws IllegalArgumentException if there is no branch, the strides differ, or there are more or fewer rectifiers
     */
    public SelectiveKernelConvolution(long inChannels, long outChannels, List<ConvolutionSpec> branches, List<Rectifier> rectifiers,
                                      long fusedWidth, double momentum) {
        super(inChannels, outChannels);
        if (rectifiers.size() != branches.size()) {
            throw new IllegalArgumentException("Cannot build an SK convolution of " + branches.size() + " branches: " + rectifiers.size()
                    + " rectifiers (expected one a branch)");
        }
        if (branches.isEmpty() || branches.stream().mapToInt(ConvolutionSpec::stride).distinct().count() > 1) {
            throw new IllegalArgumentException("Cannot build an SK convolution of branches " + branches
                    + " (expected at least one, all of the same stride)");
        }
        this.branches = List.copyOf(branches);
        this.rectifiers = List.copyOf(rectifiers);
        this.fusedWidth = fusedWidth;
        this.momentum = momentum;
    }

    /** d = max(C / r, L), equation 4. */
    public static long fusedWidth(long channels, int reduction, int minimum) {
        return Math.max(channels / reduction, minimum);
    }

    public List<ConvolutionSpec> branches() {
        return branches;
    }

    public List<Rectifier> rectifiers() {
        return rectifiers;
    }

    long fusedWidth() {
        return fusedWidth;
    }

    double momentum() {
        return momentum;
    }

    ConvolutionShape branchShape(int branch, INDArray input) {
        return branches.get(branch).shape(input.size(0), nIn, input.size(2), input.size(3), nOut);
    }

    private ConvolutionShape branchShape(int branch, InputType input) {
        return branches.get(branch).shape(1, nIn, maps(input).getHeight(), maps(input).getWidth(), nOut);
    }

    @Override
    List<Parameter> learnt() {
        List<Parameter> parameters = new ArrayList<>();
        for (int m = 0; m < branches.size(); m++) {
            parameters.add(new Parameter("branch" + m + ".conv.weight", Role.WEIGHT, branches.get(m).weightShape(nIn, nOut)));
            parameters.addAll(NormParameters.learnt("branch" + m + ".bn.", nOut));
        }
        parameters.add(new Parameter("fc1.weight", Role.WEIGHT, fusedWidth, nOut));
        parameters.addAll(NormParameters.learnt("bn.", fusedWidth));
        parameters.add(new Parameter("fc2.weight", Role.WEIGHT, branches.size() * nOut, fusedWidth));
        return parameters;
    }

    @Override
    List<Parameter> runningStatistics() {
        List<Parameter> statistics = new ArrayList<>();
        for (int m = 0; m < branches.size(); m++) {
            statistics.addAll(NormParameters.statistics("branch" + m + ".bn.", nOut));
        }
        statistics.addAll(NormParameters.statistics("bn.", fusedWidth));
        return statistics;
    }

    @Override
    SelectiveKernelUnit unit(Kernels kernels) {
        return new SelectiveKernelUnit(this, kernels);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        ConvolutionShape shape = branchShape(0, input);
        return InputType.convolutional(shape.outHeight(), shape.outWidth(), nOut);
    }

    @Override
    public long multiplyAdds(InputType input) {
        long sum = fusedWidth * nOut * (1 + branches.size());
        for (int m = 0; m < branches.size(); m++) {
            sum += branchShape(m, input).multiplyAdds();
        }
        return sum;
    }

    @Override
    public long selectProducts(InputType input) {
        return branches.size() * getOutputType(-1, input).arrayElementsPerExample();
    }

    /** Each branch's convolution, and the output. */
    @Override
    public long activations(InputType input) {
        return (branches.size() + 1) * getOutputType(-1, input).arrayElementsPerExample();
    }
}
