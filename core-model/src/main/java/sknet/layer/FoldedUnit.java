package sknet.layer;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.FoldedConvolutionKernel;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.Store;
import sknet.layer.UnitContext.Constancy;

/** A convolution and its batch norm in evaluation; folds them once where parameters are constant. */
final class FoldedUnit {
    private final Shaped<ConvolutionShape, FoldedConvolutionKernel> kernel;
    /** The kernel that holds constant parameters. */
    private FoldedConvolutionKernel settled;

    FoldedUnit(Kernels kernels, Rectifier rectifier, Store store) {
        kernel = new Shaped<>((shape, type) -> kernels.foldedConvolution(shape, rectifier, store, NormParameters.EPSILON, type));
    }

    /** Folds again in the next pass. */
    void forgetParameters() {
        settled = null;
    }

    /**
     * The kernel, with the parameters of this pass.
     *
     * @param type that it computes in
     */
    FoldedConvolutionKernel of(UnitContext context, ConvolutionShape shape, DataType type, INDArray weights, NormVectors norm) {
        FoldedConvolutionKernel present = kernel.of(shape, type);
        if (present != settled || context.constancy() == Constancy.VARIABLE) {
            present.fold(weights, norm);
            settled = context.constancy() == Constancy.CONSTANT ? present : null;
        }
        return present;
    }
}
