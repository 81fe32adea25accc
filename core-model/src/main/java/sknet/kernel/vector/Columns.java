package sknet.kernel.vector;

import java.nio.ByteBuffer;
import sknet.kernel.ChannelPacking;
import sknet.kernel.ChannelShape;

/**
 * Packed maps cut into columns: as many neighbouring channels as a vector has lanes, over all pixels of all images. What a batch norm needs to know
 * of a channel is in its column, so that a task never waits for another, sums do not depend on the number of threads, and what one pass has read
 * the next mostly finds in a core's cache.
 */
final class Columns {
    /** Pixels whose values are added up in floats; such sums are then added up in doubles. */
    static final int CHUNK = 256;

    private final ChannelShape shape;
    private final int sideBySide;
    private final Lanes lanes;

    Columns(ChannelShape shape, ChannelPacking packing, Lanes lanes) {
        this.shape = shape;
        this.lanes = lanes;
        sideBySide = packing.sideBySide(shape.channels());
    }

    /** What is done with a column of several maps. */
    @FunctionalInterface
    interface Pass {

        /** @param inputs may be the outputs too */
        void run(Column column, ByteBuffer[] inputs, ByteBuffer[] outputs);
    }

    int channels() {
        return shape.channels();
    }

    /** The length of arrays with a value a channel, which vectors may read beyond the last. */
    int padded() {
        return count() * Lanes.WIDTH;
    }

    private int count() {
        return (channels() + Lanes.WIDTH - 1) / Lanes.WIDTH;
    }

    /** Runs a pass on every column. */
    void run(ByteBuffer[] inputs, ByteBuffer[] outputs, Pass pass) {
        Team.run(count(), i -> {
            int channel = i * Lanes.WIDTH;
            int width = Math.min(Lanes.WIDTH, channels() - channel);
            Column column = column(channel, width);
            if (width == Lanes.WIDTH) {
                pass.run(column, inputs, outputs);
            } else {
                runOnCopies(column, inputs, outputs, pass);
            }
        });
    }

    /** The last channels do not fill a vector: they are copied to where they do. */
    private void runOnCopies(Column column, ByteBuffer[] inputs, ByteBuffer[] outputs, Pass pass) {
        Column copy = new Column(new FloatLanes(), column.channel(), column.width(), shape.batch(), shape.pixels(), 0, shape.pixels() * Lanes.WIDTH,
                Lanes.WIDTH);
        ByteBuffer[] inputCopies = copies(inputs.length);
        ByteBuffer[] outputCopies = copies(outputs.length);
        for (int i = 0; i < inputs.length; i++) {
            column.copyTo(inputs[i], copy, inputCopies[i]);
        }
        pass.run(copy, inputCopies, outputCopies);
        for (int i = 0; i < outputs.length; i++) {
            copy.copyTo(outputCopies[i], column, outputs[i]);
        }
    }

    private ByteBuffer[] copies(int count) {
        ByteBuffer[] copies = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            copies[i] = ByteBuffer.allocate(shape.batch() * shape.pixels() * Lanes.WIDTH * Float.BYTES).order(Lanes.ORDER);
        }
        return copies;
    }

    private Column column(int channel, int width) {
        int group = channel / sideBySide;
        return new Column(lanes, channel, width, shape.batch(), shape.pixels(), group * sideBySide * shape.pixels() + channel % sideBySide,
                channels() * shape.pixels(), sideBySide);
    }
}
