package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sknet.kernel.StepKernel;

/** A step of SGD in dense passes. */
final class Nd4jStep implements StepKernel {
    /** Values that are squared at once, a power of two. */
    private static final int CHUNK = 1 << 16;

    @Override
    public void take(INDArray parameters, INDArray gradient, INDArray velocity, Rates rates) {
        gradient.muli(rates.gradient());
        if (rates.decay() != 0) {
            add(rates.decay(), parameters, gradient);
        }
        velocity.muli(rates.momentum()).addi(gradient);
        add(-rates.learning(), velocity, parameters);
    }

    /** By operations that go value by value alone: ND4J's own sums depend on the number of threads. */
    @Override
    public double squares(INDArray gradient) {
        try (INDArray sums = Nd4j.zeros(DataType.DOUBLE, CHUNK)) {
            for (long start = 0; start < gradient.length(); start += CHUNK) {
                long end = Math.min(start + CHUNK, gradient.length());
                try (INDArray squares = Nd4j.createUninitialized(DataType.DOUBLE, end - start)) {
                    squares.assign(range(gradient, start, end)).muli(squares);
                    range(sums, 0, end - start).addi(squares);
                }
            }
            for (int half = CHUNK / 2; half > 0; half /= 2) {
                range(sums, 0, half).addi(range(sums, half, 2L * half));
            }
            return sums.getDouble(0);
        }
    }

    private static INDArray range(INDArray vector, long start, long end) {
        return vector.get(NDArrayIndex.interval(start, end));
    }

    private static void add(double factor, INDArray from, INDArray to) {
        Nd4j.getBlasWrapper().level1().axpy(from.length(), factor, from, to);
    }
}
