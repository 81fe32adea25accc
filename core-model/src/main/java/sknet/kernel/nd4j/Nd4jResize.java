package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ResizeKernel;
import sknet.kernel.ResizeShape;
import sknet.kernel.ResizeShape.Neighbours;

/** Bilinear interpolation as a product with a matrix for the rows and one for the columns: result = R maps C. */
final class Nd4jResize implements ResizeKernel {
    private final ResizeShape shape;
    private final Buffers buffers;
    private final INDArray rows;
    private final INDArray columns;

    Nd4jResize(ResizeShape shape, DataType type) {
        this.shape = shape;
        buffers = new Buffers(type);
        rows = matrix(shape.rows(), shape.input().height());
        columns = matrix(shape.columns(), shape.input().width());
    }

    /** {@code [to, from]}. */
    private INDArray matrix(Neighbours[] neighbours, int from) {
        INDArray matrix = buffers.zeros(neighbours.length, from);
        for (int i = 0; i < neighbours.length; i++) {
            matrix.putScalar(i, neighbours[i].low(), 1 - neighbours[i].share());
            matrix.putScalar(i, neighbours[i].high(), matrix.getDouble(i, neighbours[i].high()) + neighbours[i].share());
        }
        return matrix;
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        long maps = (long) shape.input().batch() * shape.input().channels();
        INDArray byColumns = input.reshape('c', maps * shape.input().height(), shape.input().width()).mmul(columns.transpose()).dup('c')
                .reshape('c', maps, shape.input().height(), shape.outWidth());
        INDArray result = output.reshape('c', maps, shape.outHeight(), shape.outWidth());
        for (long m = 0; m < maps; m++) {
            result.slice(m).assign(rows.mmul(byColumns.slice(m)));
        }
    }

    @Override
    public void backward(INDArray outputGradient, INDArray inputGradient) {
        long maps = (long) shape.input().batch() * shape.input().channels();
        INDArray byColumns = outputGradient.reshape('c', maps * shape.outHeight(), shape.outWidth()).mmul(columns).dup('c')
                .reshape('c', maps, shape.outHeight(), shape.input().width());
        INDArray result = inputGradient.reshape('c', maps, shape.input().height(), shape.input().width());
        INDArray transposed = rows.transpose();
        for (long m = 0; m < maps; m++) {
            result.slice(m).assign(Nd4j.matmul(transposed, byColumns.slice(m)));
        }
    }

    @Override
    public void close() {
        buffers.close();
    }
}
