package sknet.train;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.StoragePatience;

/** Deletes a run's checkpoints that need not stay; what cannot be deleted now may be when the next checkpoint is written. */
final class OldCheckpoints {

    private static final Logger LOG = LoggerFactory.getLogger(OldCheckpoints.class);

    private final CheckpointStore store;
    private final RunPolicy policy;
    private final Set<Long> damaged = ConcurrentHashMap.newKeySet();

    OldCheckpoints(CheckpointStore store, RunPolicy policy) {
        this.store = store;
        this.policy = policy;
    }

    /** The checkpoint of a step cannot be used. */
    void damaged(long step) {
        damaged.add(step);
    }

    /** The checkpoint of a step is whole: older ones may go. */
    void written(long step) {
        damaged.remove(step);
        if (policy.retention().newest() == 0) {
            return;
        }
        try {
            policy.retention().expendable(store.list(), damaged, policy.best().step()).forEach(store::remove);
        } catch (IOException e) {
            LOG.warn("Cannot look for old checkpoints after step {}: {}", step, StoragePatience.reason(e));
        }
    }
}
