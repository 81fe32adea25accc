package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * How the values of an array lie in memory, and how they get into vectors of floats, in which all arithmetic is done. There are no more than two
 * ways: with a third the compiler would no longer see through the calls in the inner loops, and put every vector on the heap.
 */
sealed interface Lanes permits FloatLanes, BFloat16Lanes {
    VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    int WIDTH = SPECIES.length();
    ByteOrder ORDER = ByteOrder.nativeOrder();

    static Lanes of(DataType type) {
        return type == DataType.BFLOAT16 ? new BFloat16Lanes() : new FloatLanes();
    }

    /** So many of the values fill whole vectors; those behind go one by one. */
    static int whole(int values) {
        return values - values % WIDTH;
    }

    /** Adds a vector to sums, by way of an array. */
    static void add(FloatVector vector, float[] part, double[] sums) {
        vector.intoArray(part, 0);
        for (int lane = 0; lane < WIDTH; lane++) {
            sums[lane] += part[lane];
        }
    }

    /** Loads the values from {@code index} on. */
    FloatVector load(ByteBuffer from, int index);

    void store(FloatVector values, ByteBuffer to, int index);

    float get(ByteBuffer from, int index);

    void put(float value, ByteBuffer to, int index);
}
