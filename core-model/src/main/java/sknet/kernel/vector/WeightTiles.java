package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The weights {@code [O, I]} of 1x1 convolutions to and from tiles of {@value #SIZE} x {@value #SIZE}, as matrix products read them. oneDNN does the
 * same several times slower.
 *
 * @param outputs O, a multiple of {@value #SIZE}
 * @param inputs  I, a multiple of {@value #SIZE}
 * @param type    of the tiles: FLOAT or BFLOAT16, where two values that are multiplied by neighbours are side by side; the weights are float32
 */
public record WeightTiles(int outputs, int inputs, DataType type) {
    /** Rows and columns of a tile. */
    public static final int SIZE = 16;

    private static final Lanes FLOATS = new FloatLanes();
    private static final Lanes HALVES = new BFloat16Lanes();

    /** Whether there are tiles for such weights: this JVM's vectors are a tile wide, and nothing is left over. */
    public static boolean serve(int outputs, int inputs) {
        return Lanes.WIDTH == SIZE && outputs % SIZE == 0 && inputs % SIZE == 0;
    }

    private int outputTiles() {
        return outputs / SIZE;
    }

    private int inputTiles() {
        return inputs / SIZE;
    }

    /** Tiles {@code [O / 16, I / 16, 16 i, 16 o]}; in bfloat16 {@code [O / 16, I / 16, 8 i, 16 o, 2 i]}. */
    public void packByOutput(ByteBuffer weights, ByteBuffer tiles) {
        Team.run(outputTiles(), o -> {
            float[] rows = new float[SIZE * SIZE];
            float[] columns = new float[SIZE * SIZE];
            ByteBuffer halves = ByteBuffer.allocate(SIZE * SIZE * Short.BYTES).order(Lanes.ORDER);
            for (int i = 0; i < inputTiles(); i++) {
                int from = o * SIZE * inputs + i * SIZE;
                int to = (o * inputTiles() + i) * SIZE * SIZE;
                if (type == DataType.BFLOAT16) {
                    packPairs(weights, from, halves, tiles, to);
                } else {
                    transpose(weights, from, rows, columns, tiles, to);
                }
            }
        });
    }

    private void transpose(ByteBuffer weights, int from, float[] rows, float[] columns, ByteBuffer tiles, int to) {
        for (int o = 0; o < SIZE; o++) {
            FLOATS.load(weights, from + o * inputs).intoArray(rows, o * SIZE);
        }
        for (int i = 0; i < SIZE; i++) {
            for (int o = 0; o < SIZE; o++) {
                columns[i * SIZE + o] = rows[o * SIZE + i];
            }
        }
        for (int i = 0; i < SIZE; i++) {
            FLOATS.store(FloatVector.fromArray(Lanes.SPECIES, columns, i * SIZE), tiles, to + i * SIZE);
        }
    }

    private void packPairs(ByteBuffer weights, int from, ByteBuffer halves, ByteBuffer tiles, int to) {
        for (int o = 0; o < SIZE; o++) {
            HALVES.store(FLOATS.load(weights, from + o * inputs), halves, o * SIZE);
        }
        for (int pair = 0; pair < SIZE / 2; pair++) {
            for (int o = 0; o < SIZE; o++) {
                int both = halves.getInt(o * SIZE + 2 * pair << 1);
                tiles.putInt(to + (pair * SIZE + o) * 2 << 1, both);
            }
        }
    }

    /** Tiles {@code [I / 16, O / 16, 16 o, 16 i]}; in bfloat16 {@code [I / 16, O / 16, 8 o, 16 i, 2 o]}. */
    public void packByInput(ByteBuffer weights, ByteBuffer tiles) {
        Team.run(inputTiles(), i -> {
            for (int o = 0; o < outputTiles(); o++) {
                int from = o * SIZE * inputs + i * SIZE;
                int to = (i * outputTiles() + o) * SIZE * SIZE;
                if (type == DataType.BFLOAT16) {
                    interleaveRows(weights, from, tiles, to);
                } else {
                    copyRows(weights, from, inputs, tiles, to, SIZE);
                }
            }
        });
    }

    /** Tiles {@code [I / 16, O / 16, 16 o, 16 i]} of float32 to weights. */
    public void unpackByInput(ByteBuffer tiles, ByteBuffer weights) {
        Team.run(outputTiles(), o -> {
            for (int i = 0; i < inputTiles(); i++) {
                copyRows(tiles, (i * outputTiles() + o) * SIZE * SIZE, SIZE, weights, o * SIZE * inputs + i * SIZE, inputs);
            }
        });
    }

    private static void copyRows(ByteBuffer source, int from, int sourceStep, ByteBuffer target, int to, int targetStep) {
        for (int row = 0; row < SIZE; row++) {
            FLOATS.store(FLOATS.load(source, from + row * sourceStep), target, to + row * targetStep);
        }
    }

    private void interleaveRows(ByteBuffer weights, int from, ByteBuffer tiles, int to) {
        for (int o = 0; o < SIZE; o += 2) {
            IntVector lower = BFloat16Lanes.rounded(FLOATS.load(weights, from + o * inputs)).lanewise(VectorOperators.LSHR, Short.SIZE);
            IntVector upper = BFloat16Lanes.rounded(FLOATS.load(weights, from + (o + 1) * inputs)).and(-1 << Short.SIZE);
            lower.or(upper).intoByteBuffer(tiles, to + o * SIZE << 1, Lanes.ORDER);
        }
    }
}
