package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.GateKernel;

/** Gates in one pass over the columns of the maps. Gates a map or pixel are read once, as floats, whatever their type. */
final class VectorGate implements GateKernel {
    private final ChannelShape shape;
    private final Columns columns;
    private final Extent extent;
    private final float offset;
    private final float[] gate;
    /** Of a pixel's gate, what each column adds to its gradient: summed up in the order of the columns. */
    private final float[][] pixelGradients;

    VectorGate(ChannelShape shape, Columns columns, Extent extent, double offset) {
        this.shape = shape;
        this.columns = columns;
        this.extent = extent;
        this.offset = (float) offset;
        gate = switch (extent) {
            case MAP -> new float[shape.batch() * shape.channels() + Lanes.WIDTH];
            case PIXEL -> new float[shape.batch() * shape.pixels()];
            case VALUE -> new float[0];
        };
        pixelGradients = new float[extent == Extent.PIXEL ? columns.padded() / Lanes.WIDTH : 0][];
    }

    @Override
    public void forward(INDArray input, INDArray gates, INDArray output) {
        if (extent == Extent.VALUE) {
            columns.run(Memory.of(input, gates), Memory.of(output), (column, in, y) -> {
                for (int n = 0; n < column.images(); n++) {
                    multiply(column.lanes(), in[0], in[1], y[0], column.start(n), column.end(n), column.stride());
                }
            });
            return;
        }
        read(gates);
        columns.run(Memory.of(input), Memory.of(output), (column, x, y) -> {
            for (int n = 0; n < column.images(); n++) {
                weigh(column, x[0], n, y[0]);
            }
        });
    }

    private void read(INDArray gates) {
        ByteBuffer from = Memory.bytes(gates);
        Lanes lanes = Lanes.of(gates.dataType());
        for (int i = 0; i < gates.length(); i++) {
            gate[i] = lanes.get(from, i) + offset;
        }
    }

    private void multiply(Lanes lanes, ByteBuffer x, ByteBuffer gates, ByteBuffer y, int start, int end, int stride) {
        for (int at = start; at < end; at += stride) {
            lanes.store(lanes.load(gates, at).add(offset).mul(lanes.load(x, at)), y, at);
        }
    }

    private void weigh(Column column, ByteBuffer x, int image, ByteBuffer y) {
        if (extent == Extent.MAP) {
            scale(column.lanes(), x, FloatVector.fromArray(Lanes.SPECIES, gate, image * shape.channels() + column.channel()), y, column.start(image),
                    column.end(image), column.stride());
        } else {
            scaleByPixel(column.lanes(), x, image * shape.pixels(), y, column.start(image), column.end(image), column.stride());
        }
    }

    private static void scale(Lanes lanes, ByteBuffer x, FloatVector factor, ByteBuffer y, int start, int end, int stride) {
        for (int at = start; at < end; at += stride) {
            lanes.store(lanes.load(x, at).mul(factor), y, at);
        }
    }

    private void scaleByPixel(Lanes lanes, ByteBuffer x, int first, ByteBuffer y, int start, int end, int stride) {
        int pixel = first;
        for (int at = start; at < end; at += stride) {
            lanes.store(lanes.load(x, at).mul(gate[pixel++]), y, at);
        }
    }

    @Override
    public void backward(INDArray input, INDArray gates, INDArray outputGradient, INDArray inputGradient, INDArray gateGradient) {
        switch (extent) {
            case VALUE -> columns.run(Memory.of(input, gates, outputGradient), Memory.of(inputGradient, gateGradient), (column, in, out) -> {
                for (int n = 0; n < column.images(); n++) {
                    multiplyBack(column.lanes(), in, out, column.start(n), column.end(n), column.stride());
                }
            });
            case MAP -> {
                read(gates);
                float[] sums = new float[shape.batch() * shape.channels()];
                columns.run(Memory.of(input, outputGradient), Memory.of(inputGradient), (column, in, dx) -> {
                    for (int n = 0; n < column.images(); n++) {
                        scaleBack(column, in[0], in[1], dx[0], n, sums);
                    }
                });
                write(sums, gateGradient);
            }
            case PIXEL -> {
                read(gates);
                columns.run(Memory.of(input, outputGradient), Memory.of(inputGradient), (column, in, dx) -> {
                    float[] products = new float[gate.length];
                    pixelGradients[column.channel() / Lanes.WIDTH] = products;
                    for (int n = 0; n < column.images(); n++) {
                        scaleByPixelBack(column, in[0], in[1], dx[0], n, products);
                    }
                });
                float[] sums = new float[gate.length];
                for (float[] products : pixelGradients) {
                    for (int i = 0; i < sums.length; i++) {
                        sums[i] += products[i];
                    }
                }
                Arrays.fill(pixelGradients, null);
                write(sums, gateGradient);
            }
        }
    }

    private static void write(float[] sums, INDArray gateGradient) {
        ByteBuffer to = Memory.bytes(gateGradient);
        Lanes lanes = Lanes.of(gateGradient.dataType());
        for (int i = 0; i < sums.length; i++) {
            lanes.put(sums[i], to, i);
        }
    }

    private void multiplyBack(Lanes lanes, ByteBuffer[] in, ByteBuffer[] out, int start, int end, int stride) {
        for (int at = start; at < end; at += stride) {
            FloatVector gradient = lanes.load(in[2], at);
            FloatVector ofGate = lanes.load(in[0], at).mul(gradient);
            lanes.store(lanes.load(in[1], at).add(offset).mul(gradient), out[0], at);
            lanes.store(ofGate, out[1], at);
        }
    }

    private void scaleBack(Column column, ByteBuffer x, ByteBuffer dy, ByteBuffer dx, int image, float[] sums) {
        int first = image * shape.channels() + column.channel();
        FloatVector factor = FloatVector.fromArray(Lanes.SPECIES, gate, first);
        double[] products = new double[Lanes.WIDTH];
        float[] part = new float[Lanes.WIDTH];
        for (int at = column.start(image); at < column.end(image); at += column.chunk()) {
            Lanes.add(scaleBack(column.lanes(), x, dy, factor, dx, at, Math.min(at + column.chunk(), column.end(image)), column.stride()), part,
                    products);
        }
        for (int lane = 0; lane < column.width(); lane++) {
            sums[first + lane] = (float) products[lane];
        }
    }

    private static FloatVector scaleBack(Lanes lanes, ByteBuffer x, ByteBuffer dy, FloatVector factor, ByteBuffer dx, int start, int end, int stride) {
        FloatVector product = FloatVector.zero(Lanes.SPECIES);
        for (int at = start; at < end; at += stride) {
            FloatVector gradient = lanes.load(dy, at);
            product = lanes.load(x, at).fma(gradient, product);
            lanes.store(gradient.mul(factor), dx, at);
        }
        return product;
    }

    private void scaleByPixelBack(Column column, ByteBuffer x, ByteBuffer dy, ByteBuffer dx, int image, float[] products) {
        Lanes lanes = column.lanes();
        int pixel = image * shape.pixels();
        int end = column.end(image);
        int stride = column.stride();
        // Of a column's copy, what lies behind its width is 0.
        for (int at = column.start(image); at < end; at += stride, pixel++) {
            FloatVector gradient = lanes.load(dy, at);
            products[pixel] = lanes.load(x, at).mul(gradient).reduceLanes(VectorOperators.ADD);
            lanes.store(gradient.mul(gate[pixel]), dx, at);
        }
    }

    @Override
    public void close() {}
}
