package sknet.kernel.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.Rectifier;

/** A batch norm; each operation is made when first used. */
final class OneDnnBatchNorm implements BatchNormKernel {
    private final BatchNormOperations operations;
    private final double valuesPerChannel;
    private final INDArray mean;
    private final INDArray variance;
    private BatchNormOperations.Forward forward;
    private Operation backward;
    private Operation inference;

    OneDnnBatchNorm(Device device, ChannelShape shape, Rectifier rectifier, double epsilon) {
        valuesPerChannel = shape.valuesPerChannel();
        operations = new BatchNormOperations(device, shape, rectifier, epsilon);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            mean = Nd4j.create(DataType.FLOAT, shape.channels());
            variance = Nd4j.create(DataType.FLOAT, shape.channels());
        }
    }

    @Override
    public void forward(INDArray input, INDArray gamma, INDArray beta, INDArray output) {
        if (forward == null) {
            forward = operations.forward();
        }
        forward.operation().bind(dnnl.DNNL_ARG_SRC, input).bind(dnnl.DNNL_ARG_SCALE, gamma).bind(dnnl.DNNL_ARG_SHIFT, beta)
                .bind(dnnl.DNNL_ARG_MEAN, mean).bind(dnnl.DNNL_ARG_VARIANCE, variance).bind(dnnl.DNNL_ARG_DST, output).run();
    }

    @Override
    public void backward(INDArray input, INDArray output, INDArray outputGradient, INDArray gamma, INDArray inputGradient,
                         INDArray gammaGradient, INDArray betaGradient) {
        if (backward == null) {
            backward = operations.backward(forward);
        }
        // oneDNN insists on a shift here although the gradients do not depend on it: any vector will do.
        backward.bind(dnnl.DNNL_ARG_SRC, input).bind(dnnl.DNNL_ARG_DIFF_DST, outputGradient)
                .bind(dnnl.DNNL_ARG_SCALE, gamma).bind(dnnl.DNNL_ARG_SHIFT, gamma).bind(dnnl.DNNL_ARG_MEAN, mean).bind(dnnl.DNNL_ARG_VARIANCE, variance).bind(dnnl.DNNL_ARG_DIFF_SRC, inputGradient)
                .bind(dnnl.DNNL_ARG_DIFF_SCALE, gammaGradient).bind(dnnl.DNNL_ARG_DIFF_SHIFT, betaGradient).run();
    }

    @Override
    public void statisticGradients(double share, INDArray ofMean, INDArray ofVariance, INDArray meanGradient, INDArray varianceGradient) {
        pull((float) share, 1, mean, ofMean, meanGradient);
        pull((float) share, (float) (valuesPerChannel / (valuesPerChannel - 1)), variance, ofVariance, varianceGradient);
    }

    /** In Java, as so short vectors are not worth a call. */
    private static void pull(float share, float factor, INDArray ofBatch, INDArray old, INDArray gradient) {
        FloatBuffer from = floats(ofBatch);
        FloatBuffer before = floats(old);
        FloatBuffer to = floats(gradient);
        for (int c = 0; c < to.limit(); c++) {
            to.put(c, share * (before.get(c) - factor * from.get(c)));
        }
    }

    private static FloatBuffer floats(INDArray vector) {
        return ((FloatPointer) vector.data().addressPointer()).capacity(vector.length()).asBuffer();
    }

    @Override
    public void inference(INDArray input, INDArray gamma, INDArray beta, INDArray ofMean, INDArray ofVariance, INDArray output) {
        if (inference == null) {
            inference = operations.inference();
        }
        inference.bind(dnnl.DNNL_ARG_SRC, input).bind(dnnl.DNNL_ARG_SCALE, gamma).bind(dnnl.DNNL_ARG_SHIFT, beta)
                .bind(dnnl.DNNL_ARG_MEAN, ofMean).bind(dnnl.DNNL_ARG_VARIANCE, ofVariance).bind(dnnl.DNNL_ARG_DST, output).run();
    }

    @Override
    public void close() {
        if (backward != null) {
            backward.close();
        }
        if (inference != null) {
            inference.close();
        }
        if (forward != null) {
            forward.operation().close();
        }
        mean.close();
        variance.close();
    }
}
