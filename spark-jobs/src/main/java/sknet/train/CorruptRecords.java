package sknet.train;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sknet.checkpoint.StoragePatience;
import sknet.train.RunEvent.Kind;

/** The corrupt records that a run has met: each is told to the observer and kept as an event, once. For one thread at a time. */
final class CorruptRecords {

    private static final Logger LOG = LoggerFactory.getLogger(CorruptRecords.class);

    private final RunEvents events;
    private final TrainingObserver observer;
    private final Set<String> known = new HashSet<>();

    CorruptRecords(RunEvents events, TrainingObserver observer) {
        this.events = events;
        this.observer = observer;
        try {
            events.read().stream().filter(event -> event.kind() == Kind.CORRUPT).forEach(event -> known.add(event.detail()));
        } catch (IOException e) {
            // They are told once more.
            LOG.warn("Cannot read what happened to the run: {}", StoragePatience.reason(e));
        }
    }

    void found(long step, String finding) {
        if (known.add(finding)) {
            observer.corrupt(finding);
            events.add(Kind.CORRUPT, step, 0, finding);
        }
    }
}
