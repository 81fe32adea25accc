package sknet.train;

import java.io.IOException;
import java.util.OptionalLong;

/** Which of a run's checkpoints has proved best so far, as whoever evaluates them knows. */
@FunctionalInterface
public interface BestCheckpoint {

    /** Its step; empty if none was evaluated. */
    OptionalLong step() throws IOException;
}
