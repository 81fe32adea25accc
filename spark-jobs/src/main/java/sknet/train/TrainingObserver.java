package sknet.train;

import java.util.List;

/** Told how a run goes on; calls come one at a time, from threads of Spark's RPC. */
public interface TrainingObserver {

    /** @param resumed whether the run goes on from a checkpoint of an earlier attempt */
    void started(long step, long totalSteps, Resumed resumed);

    /** @param replicas where each computes, in the order of ranks; told at each start */
    default void placed(List<Place> replicas) {
    }

    /** Some more steps are done. */
    void stepped(StepMetrics metrics);

    /** A checkpoint is whole. */
    default void checkpointed(String path) {
    }

    /** A newer checkpoint than the one that the run goes on from is damaged; the message names it and says why. */
    default void passedOver(String message) {
    }

    /** A record is corrupt and another takes its place, from now on; the finding names it and says why. */
    default void corrupt(String finding) {
    }

    /** An attempt failed and the run starts again from its newest checkpoint. */
    default void restarting(int restart, Throwable cause) {
    }

    /** Where a run starts. */
    enum Resumed { NEW_RUN, FROM_CHECKPOINT }
}
