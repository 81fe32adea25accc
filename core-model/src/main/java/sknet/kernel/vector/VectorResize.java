package sknet.kernel.vector;

import java.nio.ByteBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.ResizeKernel;
import sknet.kernel.ResizeShape;
import sknet.kernel.ResizeShape.Neighbours;

/** Bilinear interpolation, channel by channel: an image's channels that lie side by side are one thread's. */
final class VectorResize implements ResizeKernel {
    private final PackedMaps input;
    private final PackedMaps output;
    private final Neighbours[] rows;
    private final Neighbours[] columns;
    private final Lanes lanes;

    VectorResize(ResizeShape shape, PackedMaps input, PackedMaps output, Lanes lanes) {
        this.input = input;
        this.output = output;
        rows = shape.rows();
        columns = shape.columns();
        this.lanes = lanes;
    }

    @Override
    public void forward(INDArray from, INDArray to) {
        ByteBuffer x = Memory.bytes(from);
        ByteBuffer y = Memory.bytes(to);
        eachBlock((first, target) -> {
            int side = input.sideBySide();
            int width = input.shape().width();
            for (int r = 0; r < rows.length; r++) {
                int above = first + rows[r].low() * width * side;
                int below = first + rows[r].high() * width * side;
                for (int c = 0; c < columns.length; c++) {
                    int left = columns[c].low() * side;
                    int right = columns[c].high() * side;
                    interpolate(x, above + left, above + right, below + left, below + right, rows[r].share(), columns[c].share(), y,
                            target + (r * columns.length + c) * side);
                }
            }
        });
    }

    private void interpolate(ByteBuffer x, int aboveLeft, int aboveRight, int belowLeft, int belowRight, float down, float right, ByteBuffer y, int at) {
        int side = input.sideBySide();
        float topLeft = (1 - down) * (1 - right);
        float topRight = (1 - down) * right;
        float bottomLeft = down * (1 - right);
        float bottomRight = down * right;
        int whole = Lanes.whole(side);
        for (int i = 0; i < whole; i += Lanes.WIDTH) {
            lanes.store(lanes.load(x, aboveLeft + i).mul(topLeft).add(lanes.load(x, aboveRight + i).mul(topRight))
                    .add(lanes.load(x, belowLeft + i).mul(bottomLeft)).add(lanes.load(x, belowRight + i).mul(bottomRight)), y, at + i);
        }
        for (int i = whole; i < side; i++) {
            lanes.put(lanes.get(x, aboveLeft + i) * topLeft + lanes.get(x, aboveRight + i) * topRight + lanes.get(x, belowLeft + i) * bottomLeft
                    + lanes.get(x, belowRight + i) * bottomRight, y, at + i);
        }
    }

    @Override
    public void backward(INDArray outputGradient, INDArray inputGradient) {
        ByteBuffer dy = Memory.bytes(outputGradient);
        ByteBuffer dx = Memory.bytes(inputGradient);
        eachBlock((first, target) -> {
            int side = input.sideBySide();
            int width = input.shape().width();
            float[] sums = new float[input.shape().pixels() * side];
            for (int r = 0; r < rows.length; r++) {
                for (int c = 0; c < columns.length; c++) {
                    int at = target + (r * columns.length + c) * side;
                    int above = rows[r].low() * width;
                    int below = rows[r].high() * width;
                    float down = rows[r].share();
                    float right = columns[c].share();
                    add(dy, at, (1 - down) * (1 - right), sums, (above + columns[c].low()) * side);
                    add(dy, at, (1 - down) * right, sums, (above + columns[c].high()) * side);
                    add(dy, at, down * (1 - right), sums, (below + columns[c].low()) * side);
                    add(dy, at, down * right, sums, (below + columns[c].high()) * side);
                }
            }
            for (int i = 0; i < sums.length; i++) {
                lanes.put(sums[i], dx, first + i);
            }
        });
    }

    private void add(ByteBuffer dy, int at, float share, float[] sums, int to) {
        for (int i = 0; i < input.sideBySide(); i++) {
            sums[to + i] += share * lanes.get(dy, at + i);
        }
    }

    @FunctionalInterface
    private interface Block {
        void resize(int inputPlace, int outputPlace);
    }

    private void eachBlock(Block block) {
        ChannelShape shape = input.shape();
        int blocks = shape.channels() / input.sideBySide();
        Team.run(shape.batch() * blocks, i -> {
            int channel = i % blocks * input.sideBySide();
            block.resize(input.first(i / blocks, channel), output.first(i / blocks, channel));
        });
    }

    @Override
    public void close() {}
}
