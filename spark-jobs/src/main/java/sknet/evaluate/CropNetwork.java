package sknet.evaluate;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A network for the images of one crop. Its kernels are made for the last size they met: sizes that take turns would make them anew. */
final class CropNetwork {

    private final ComputationGraph network;
    private final INDArray images;

    CropNetwork(ComputationGraph network, int cropSize, int batchSize) {
        this.network = network;
        this.images = Nd4j.createUninitializedDetached(DataType.FLOAT, batchSize, 3, cropSize, cropSize);
    }

    /**
     * The classes' logits.
     *
     * @param pixels [count, 3, size, size], from position 0
     * @return [count, classes]
     */
    float[][] logits(FloatBuffer pixels, int count) {
        images.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer().put(pixels.duplicate().rewind());
        Nd4j.getAffinityManager().tagLocation(images, Location.HOST);
        return network.output(false, images.get(NDArrayIndex.interval(0, count)))[0].toFloatMatrix();
    }
}
