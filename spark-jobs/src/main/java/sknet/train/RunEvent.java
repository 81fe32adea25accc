package sknet.train;

import java.util.Locale;

/**
 * Something that happened to a run, as it is kept in the run's directory.
 *
 * @param epochMillis when, milliseconds since 1970
 * @param kind        what
 * @param step        where the run stands or, for a damaged checkpoint, that checkpoint's step
 * @param repeated    steps that were reported as done and are computed again
 * @param detail      the cause of a restart or of the end, what is wrong with a checkpoint or a record, or empty
 */
public record RunEvent(long epochMillis, Kind kind, long step, long repeated, String detail) {

    /** What may happen. */
    public enum Kind {
        /** A new run. */
        STARTED,
        /** The command goes on with a run of an earlier one. */
        RESUMED,
        /** An attempt failed, and another starts from the newest checkpoint. */
        RESTARTED,
        /** A checkpoint cannot be read: the one before is used. */
        DAMAGED,
        /** A record of the data set is corrupt, and another one of its shard takes its place; told once a run. */
        CORRUPT,
        /** It was told to stop, and ends with a checkpoint; the same command goes on. */
        STOPPED,
        /** It has ended with an error that another attempt would not mend. */
        FAILED,
        /** The run's last step is done. */
        FINISHED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
