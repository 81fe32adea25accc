package sknet.cli;

import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.factory.Nd4j;
import sknet.data.shard.DatasetManifest;
import sknet.train.ReadingPlan;

/** Where a result comes from: every setting, the data, the program and the machine. Holds no secret: settings have none. */
final class Provenance {

    private Provenance() {
    }

    static Map<String, String> of(Settings settings, Path dataset, DatasetManifest manifest, ReadingPlan reading, long seed) {
        Map<String, String> facts = new TreeMap<>(settings.effective());
        facts.put("train.seed", Long.toString(seed));
        facts.put("dataset", dataset.toString());
        facts.put("dataset.fingerprint", manifest.fingerprint());
        facts.put("dataset.order", reading.orderName());
        facts.put("program", BuildVersion.text());
        BuildVersion.commit().ifPresent(commit -> facts.put("program.commit", commit));
        facts.put("java", System.getProperty("java.vendor") + " " + Runtime.version());
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        facts.put("backend", Nd4j.getBackend().getClass().getSimpleName());
        return facts;
    }
}
