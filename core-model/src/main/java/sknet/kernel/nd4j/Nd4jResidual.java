package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.ResidualKernel;

/** The end of a residual block in dense passes. */
final class Nd4jResidual implements ResidualKernel {
    private final Nd4jBatchNorm[] batchNorms;
    private final Buffers buffers;
    private final INDArray scratch;

    Nd4jResidual(ChannelShape shape, double epsilon, DataType type) {
        batchNorms = new Nd4jBatchNorm[] {new Nd4jBatchNorm(shape, Rectifier.NONE, epsilon, type),
            new Nd4jBatchNorm(shape, Rectifier.NONE, epsilon, type)};
        buffers = new Buffers(type);
        scratch = buffers.zeros(shape.batch(), shape.channels(), shape.height(), shape.width());
    }

    @Override
    public void forward(INDArray[] addends, NormVectors[] norms, INDArray output) {
        batchNorms[0].forward(addends[0], norms[0], output);
        if (norms.length == 2) {
            batchNorms[1].forward(addends[1], norms[1], scratch);
            output.addi(scratch);
        } else {
            output.addi(addends[1]);
        }
        Nd4j.exec(new RectifiedLinear(output, output, 0.0));
    }

    @Override
    public void backward(INDArray[] addends, NormVectors[] norms, INDArray output, INDArray outputGradient, INDArray[] gradients, double share,
                         NormVectors[] normGradients) {
        Nd4j.exec(new Step(output, scratch, 0.0));
        scratch.muli(outputGradient);
        for (int i = 0; i < norms.length; i++) {
            batchNorms[i].backward(addends[i], scratch, norms[i], gradients[i], share, normGradients[i]);
        }
        if (norms.length == 1) {
            gradients[1].assign(scratch);
        }
    }

    @Override
    public void close() {
        for (Nd4jBatchNorm batchNorm : batchNorms) {
            batchNorm.close();
        }
        buffers.close();
    }
}
