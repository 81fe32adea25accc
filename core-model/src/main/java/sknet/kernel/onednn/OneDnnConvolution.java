package sknet.kernel.onednn;

import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory.data_type;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Store;

/** A convolution; the gradients' operations are made when first used, so that evaluation does not hold them. */
final class OneDnnConvolution implements ConvolutionKernel {
    private final ConvolutionOperations operations;
    private final Operation forward;
    private Operation weightGradient;
    private Operation dataGradient;
    private Operation addedDataGradient;

    OneDnnConvolution(Device device, ConvolutionShape shape, data_type type) {
        operations = new ConvolutionOperations(device, shape, type);
        forward = operations.forward();
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        forward.bind(dnnl.DNNL_ARG_SRC, input).bind(dnnl.DNNL_ARG_WEIGHTS, weights).bind(dnnl.DNNL_ARG_DST, output).run();
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray gradient) {
        if (weightGradient == null) {
            weightGradient = operations.backwardWeights();
        }
        weightGradient.bind(dnnl.DNNL_ARG_SRC, input).bind(dnnl.DNNL_ARG_DIFF_DST, outputGradient)
                .bind(dnnl.DNNL_ARG_DIFF_WEIGHTS, gradient).run();
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient, Store store) {
        if (store == Store.REPLACE && operations.sparse()) {
            inputGradient.assign(0);
        }
        dataGradient(store).bind(dnnl.DNNL_ARG_DIFF_DST, outputGradient).bind(dnnl.DNNL_ARG_WEIGHTS, weights)
                .bind(dnnl.DNNL_ARG_DIFF_SRC, inputGradient).run();
    }

    private Operation dataGradient(Store store) {
        if (store == Store.ADD) {
            addedDataGradient = addedDataGradient == null ? operations.backwardData(store) : addedDataGradient;
            return addedDataGradient;
        }
        dataGradient = dataGradient == null ? operations.backwardData(store) : dataGradient;
        return dataGradient;
    }

    @Override
    public void close() {
        Stream.of(forward, weightGradient, dataGradient, addedDataGradient).filter(Objects::nonNull).forEach(Operation::close);
    }
}
