package sknet.cli;

import org.deeplearning4j.nn.graph.ComputationGraph;
import sknet.data.shard.DatasetManifest;
import sknet.train.TrainingPlan;

final class Networks {
    static ComputationGraph build(Settings settings, DatasetManifest manifest, TrainingPlan plan) {
        return null;
    }
}
