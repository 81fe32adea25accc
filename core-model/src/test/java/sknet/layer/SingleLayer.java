package sknet.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.buffer.DataType;

/** A graph of one layer, from {@code in} to {@code layer}, for gradients that come from outside. */
final class SingleLayer {
    private SingleLayer() {}

    static ComputationGraph graph(KernelLayer layer, int channels, int size, DataType type) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(type).weightInit(WeightInit.RELU)
                .trainingWorkspaceMode(WorkspaceMode.NONE).inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder().addInputs("in")
                .setInputTypes(InputType.convolutional(size, size, channels)).addLayer("layer", layer,
                "in").setOutputs("layer").build());
        graph.init();
        return graph;
    }
}
