package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ConvolutionShape;

/** A convolution of stride 1 with a square kernel larger than 1x1, on {@link Planes}. */
final class PlaneConvolution implements DenseConvolution {
    private final ConvolutionShape shape;
    private final Buffers buffers;
    private final PlaneCorrelation forward;
    private final INDArray inputMaps;
    private final INDArray outputMaps;
    private final DataGradient dataGradient;
    private final INDArray[] gradientRows;
    private final INDArray gradientTaps;
    private final INDArray[] rowGradients;

    PlaneConvolution(ConvolutionShape shape, DataType type) {
        this.shape = shape;
        buffers = new Buffers(type);
        PlaneGeometry geometry = PlaneGeometry.of(shape);
        int kernel = shape.kernelHeight();
        int groups = shape.groups();
        forward = new PlaneCorrelation(geometry, shape.batch(), groups, shape.groupInChannels(), shape.groupOutChannels(), kernel,
                shape.dilation(), shape.paddingHeight(), buffers);
        inputMaps = forward.inputMaps(shape.height(), shape.width(), 1);
        outputMaps = forward.outputMaps(shape.outHeight(), shape.outWidth());
        dataGradient = new DataGradient(shape, geometry, buffers);
        gradientRows = new INDArray[kernel];
        for (int row = 0; row < kernel; row++) {
            gradientRows[row] = dataGradient.outputGradient((shape.paddingHeight() - row * shape.dilation()) * geometry.columns());
        }
        rowGradients = new INDArray[kernel];
        gradientTaps = buffers.zeros(kernel, groups, shape.groupOutChannels(), kernel, shape.groupInChannels());
        for (int row = 0; row < kernel; row++) {
            rowGradients[row] = gradientTaps.slice(row).reshape('c', groups, shape.groupOutChannels(),
                    (long) kernel * shape.groupInChannels());
        }
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        inputMaps.assign(input);
        forward.assignWeights(grouped(weights));
        forward.run();
        output.assign(outputMaps);
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient) {
        dataGradient.assign(outputGradient);
        for (int row = 0; row < shape.kernelHeight(); row++) {
            Nd4j.matmul(gradientRows[row], forward.columns(), rowGradients[row], false, true, false);
        }
        grouped(weightGradient).permute(3, 0, 1, 4, 2).assign(gradientTaps);
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient) {
        dataGradient.assign(outputGradient);
        dataGradient.run(grouped(weights), inputGradient);
    }

    private INDArray grouped(INDArray oihw) {
        return oihw.reshape('c', shape.groups(), shape.groupOutChannels(), shape.groupInChannels(), shape.kernelHeight(),
                shape.kernelHeight());
    }

    @Override
    public void close() {
        buffers.close();
    }
}
