package sknet.kernel.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory.data_type;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.FoldedConvolutionKernel;
import sknet.kernel.FoldedWeights;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.Store;

/** A folded convolution as one primitive; its weights stay in the primitive's layout. */
final class OneDnnFoldedConvolution implements FoldedConvolutionKernel {
    private final double epsilon;
    private final Operation operation;

    OneDnnFoldedConvolution(Device device, ConvolutionShape shape, Rectifier rectifier, Store store, double epsilon, data_type type) {
        this.epsilon = epsilon;
        operation = new ConvolutionOperations(device, shape, type).folded(rectifier, store);
    }

    @Override
    public void fold(INDArray weights, NormVectors norm) {
        try (FoldedWeights folded = FoldedWeights.of(weights, norm, epsilon)) {
            operation.bind(dnnl.DNNL_ARG_WEIGHTS, folded.weights()).bind(dnnl.DNNL_ARG_BIAS, folded.shift()).prepareInputs();
        }
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        operation.bind(dnnl.DNNL_ARG_SRC, input).bind(dnnl.DNNL_ARG_DST, output).run();
    }

    @Override
    public void forward(INDArray input, INDArray addend, INDArray output) {
        operation.bind(ConvolutionOperations.ADDEND, addend);
        forward(input, output);
    }

    @Override
    public void close() {
        operation.close();
    }
}
