package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelPacking;
import sknet.kernel.ChannelRun;
import sknet.kernel.GatherKernel;
import sknet.kernel.GatherShape;

/** Copies bytes from one packing to another, in pieces as long as both allow. */
final class VectorGather implements GatherKernel {
    private final GatherShape shape;
    private final List<PackedMaps> inputs;
    private final PackedMaps output;
    private final int bytes;

    VectorGather(GatherShape shape, ChannelPacking packing, DataType type) {
        this.shape = shape;
        inputs = shape.inputs().stream().map(input -> PackedMaps.of(input, packing)).toList();
        output = PackedMaps.of(shape.output(), packing);
        bytes = type.width();
    }

    /** What is done with neighbouring channels of an image, which lie side by side in both maps. */
    @FunctionalInterface
    private interface Piece {

        /**
         * @param input  the place of their first pixel there
         * @param output the same
         * @param count  channels
         */
        void copy(ChannelRun run, int input, int output, int count);
    }

    @Override
    public void forward(INDArray[] arrays, INDArray result) {
        ByteBuffer[] x = Memory.of(arrays);
        ByteBuffer y = Memory.bytes(result);
        eachPiece((run, from, to, count) -> copy(x[run.input()], from, inputs.get(run.input()), y, to, output, count));
    }

    @Override
    public void backward(INDArray outputGradient, INDArray[] inputGradients) {
        for (int i = 0; i < inputGradients.length; i++) {
            if (shape.drops(i)) {
                inputGradients[i].assign(0);
            }
        }
        ByteBuffer dy = Memory.bytes(outputGradient);
        ByteBuffer[] dx = Memory.of(inputGradients);
        eachPiece((run, to, from, count) -> copy(dy, from, output, dx[run.input()], to, inputs.get(run.input()), count));
    }

    private void eachPiece(Piece piece) {
        List<ChannelRun> runs = shape.runs();
        Team.run(shape.output().batch() * runs.size(), i -> {
            int image = i / runs.size();
            ChannelRun run = runs.get(i % runs.size());
            PackedMaps input = inputs.get(run.input());
            for (int done = 0; done < run.count();) {
                int from = run.first() + done;
                int to = run.target() + done * run.step();
                int count = run.step() == 1 ? Math.min(run.count() - done, Math.min(input.left(from), output.left(to))) : 1;
                piece.copy(run, input.first(image, from), output.first(image, to), count);
                done += count;
            }
        });
    }

    private void copy(ByteBuffer from, int first, PackedMaps source, ByteBuffer to, int target, PackedMaps destination, int count) {
        int pixels = source.shape().pixels();
        if (count == source.sideBySide() && count == destination.sideBySide()) {
            to.put(target * bytes, from, first * bytes, pixels * count * bytes);
        } else if (count > 1) {
            for (int p = 0; p < pixels; p++) {
                to.put((target + p * destination.sideBySide()) * bytes, from, (first + p * source.sideBySide()) * bytes, count * bytes);
            }
        } else if (bytes == Float.BYTES) {
            for (int p = 0; p < pixels; p++) {
                to.putInt((target + p * destination.sideBySide()) * bytes, from.getInt((first + p * source.sideBySide()) * bytes));
            }
        } else {
            for (int p = 0; p < pixels; p++) {
                to.putShort((target + p * destination.sideBySide()) * bytes, from.getShort((first + p * source.sideBySide()) * bytes));
            }
        }
    }

    @Override
    public void close() {}
}
