package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Store;

/**
 * A convolution of maps of one pixel: products of small matrices {@code [N, C]} and {@code [O, C]} of float32. They are too small for a library to
 * gain on what it costs to call it.
 */
final class VectorProduct implements ConvolutionKernel {
    private static final Lanes LANES = new FloatLanes();
    /** Multiply-adds that are worth waking another thread for. */
    private static final int PART = 1 << 16;

    private final int batch;
    private final int inputs;
    private final int outputs;

    VectorProduct(ConvolutionShape shape) {
        batch = shape.batch();
        inputs = shape.inChannels();
        outputs = shape.outChannels();
    }

    static boolean serves(ConvolutionShape shape) {
        return shape.height() * shape.width() == 1 && shape.isPointwise() && shape.stride() == 1 && shape.groups() == 1;
    }

    /** Runs a pass on ranges of rows, each row of so many multiply-adds. */
    private static void run(int rows, int work, Parts.Pass pass) {
        int length = Math.max(1, PART / work);
        Team.run((rows + length - 1) / length, i -> pass.run(i * length, Math.min((i + 1) * length, rows)));
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        ByteBuffer x = Memory.bytes(input);
        ByteBuffer w = Memory.bytes(weights);
        ByteBuffer y = Memory.bytes(output);
        run(outputs, batch * inputs, (start, end) -> {
            for (int o = start; o < end; o++) {
                for (int n = 0; n < batch; n++) {
                    LANES.put(dot(x, n * inputs, w, o * inputs), y, n * outputs + o);
                }
            }
        });
    }

    private float dot(ByteBuffer x, int xAt, ByteBuffer w, int wAt) {
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        int whole = Lanes.whole(inputs);
        for (int c = 0; c < whole; c += Lanes.WIDTH) {
            sum = LANES.load(x, xAt + c).fma(LANES.load(w, wAt + c), sum);
        }
        float total = sum.reduceLanes(VectorOperators.ADD);
        for (int c = whole; c < inputs; c++) {
            total = Math.fma(LANES.get(x, xAt + c), LANES.get(w, wAt + c), total);
        }
        return total;
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient) {
        ByteBuffer x = Memory.bytes(input);
        ByteBuffer dy = Memory.bytes(outputGradient);
        ByteBuffer dw = Memory.bytes(weightGradient);
        // Row o is the sum over images of dy[n, o] * x[n].
        run(outputs, batch * inputs, (start, end) -> {
            for (int o = start; o < end; o++) {
                combine(dy, o, outputs, batch, x, dw, o * inputs, Store.REPLACE);
            }
        });
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient, Store store) {
        ByteBuffer dy = Memory.bytes(outputGradient);
        ByteBuffer w = Memory.bytes(weights);
        ByteBuffer dx = Memory.bytes(inputGradient);
        // Row n is the sum over outputs of dy[n, o] * w[o].
        run(batch, outputs * inputs, (start, end) -> {
            for (int n = start; n < end; n++) {
                combine(dy, n * outputs, 1, outputs, w, dx, n * inputs, store);
            }
        });
    }

    /** A row of the result: the sum of rows, each times its factor. */
    private void combine(ByteBuffer factors, int factorAt, int factorStep, int rows, ByteBuffer matrix, ByteBuffer result, int to,
                         Store store) {
        int whole = Lanes.whole(inputs);
        for (int c = 0; c < whole; c += Lanes.WIDTH) {
            FloatVector sum = store == Store.ADD ? LANES.load(result, to + c) : FloatVector.zero(Lanes.SPECIES);
            for (int row = 0; row < rows; row++) {
                FloatVector factor = FloatVector.broadcast(Lanes.SPECIES, LANES.get(factors, factorAt + row * factorStep));
                sum = LANES.load(matrix, row * inputs + c).fma(factor, sum);
            }
            LANES.store(sum, result, to + c);
        }
        for (int c = whole; c < inputs; c++) {
            float sum = store == Store.ADD ? LANES.get(result, to + c) : 0;
            for (int row = 0; row < rows; row++) {
                sum = Math.fma(LANES.get(factors, factorAt + row * factorStep), LANES.get(matrix, row * inputs + c), sum);
            }
            LANES.put(sum, result, to + c);
        }
    }

    @Override
    public void close() {}
}
