package sknet.interchange;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import sknet.layer.ConvolutionSpec;
import sknet.model.Architecture;
import sknet.model.Attention;
import sknet.model.Backbone;
import sknet.model.Body;
import sknet.model.DenseNet;
import sknet.model.Middle;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;
import sknet.model.ShuffleNet;
import sknet.model.Stage;
import sknet.model.Stem;

/** The networks of {@code pytorch_weights.py}, with weights of their own. */
final class NarrowNetworks {
    static final int IMAGE_SIZE = 32;

    private NarrowNetworks() {}

    static ComputationGraph resnet() {
        return network(new Middle.Grouped(1), 5);
    }

    static ComputationGraph resnext() {
        return network(new Middle.Grouped(4), 5);
    }

    static ComputationGraph sknet() {
        return network(Middle.SelectiveKernel.dilated(2, 4, 4, 4), 5);
    }

    /** ResNet for another number of classes. */
    static ComputationGraph resnet(int classes) {
        return network(new Middle.Grouped(1), classes);
    }

    private static ComputationGraph network(Middle middle, int classes) {
        return network(new Backbone(new Stem(ConvolutionSpec.ofKernel(7).withStride(2), 8,
                Stem.Pooling.MAX), List.of(new Stage(2, 8, 16, 1, middle), new Stage(1, 16, 32, 2, middle))), classes);
    }

    static ComputationGraph densenet() {
        return network(new DenseNet(8, List.of(2, 3)), 5);
    }

    static ComputationGraph shufflenet() {
        return network(new ShuffleNet(16, List.of(2, 1, 1), ShuffleNet.Depthwise.PLAIN, Attention.NONE), 5);
    }

    private static ComputationGraph network(Body body, int classes) {
        Architecture architecture = new Architecture("narrow", IMAGE_SIZE, body);
        ComputationGraph network = new ComputationGraph(NetworkBuilder.build(architecture, NetworkOptions.of(classes, IMAGE_SIZE)));
        network.init();
        return network;
    }
}
