package sknet.status;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import sknet.evaluate.EvaluationResult;
import sknet.train.RunEvent;
import sknet.train.RunEvent.Kind;
import sknet.train.StepMetrics;

/**
 * How one run is.
 *
 * @param directory     the run's
 * @param phase         what it is doing
 * @param settings      the provenance of its newest checkpoint; empty before the first
 * @param course        how far it is
 * @param last          its replicas' last report; none before the first
 * @param newest        its newest checkpoint that says of itself what it is; none before the first
 * @param evaluation    whether that checkpoint was evaluated
 * @param best          the evaluated checkpoint with the lowest top-1 error
 * @param events        what happened to it, in order
 * @param disk          what its checkpoints take
 * @param lastSignMillis when it last left a trace, milliseconds since 1970; 0 for never
 * @param problems      what somebody should look at, a line each
 */
public record RunStatus(Path directory, Phase phase, Map<String, String> settings, Course course, Optional<StepMetrics> last,
                        Optional<NewestCheckpoint> newest, Evaluation evaluation, Optional<EvaluationResult> best, List<RunEvent> events, Disk disk,
                        long lastSignMillis, List<String> problems) {

    /** What a run is doing. */
    public enum Phase {
        /** It has taken no step. */
        NOT_STARTED,
        /** Its driver lives. */
        RUNNING,
        /** It neither ended nor gives a sign of life: its driver was killed, or does not reach the file system. */
        SILENT,
        /** It was told to stop, and did. */
        STOPPED,
        /** It ended with an error. */
        FAILED,
        /** Its last step is done. */
        FINISHED
    }

    /** Whether the newest checkpoint has a result. */
    public enum Evaluation { MISSING, PRESENT }

    /**
     * How far a run is.
     *
     * @param epoch           epochs completed
     * @param epochs          epochs wanted; 0 where that is not known
     * @param step            steps done
     * @param totalSteps      steps wanted; 0 where that is not known
     * @param imagesPerSecond of late, all executors together; 0 where that is not known
     * @param left            the time that the other steps take at this speed; none where that is not known
     */
    public record Course(int epoch, int epochs, long step, long totalSteps, double imagesPerSecond, Optional<Duration> left) {
    }

    /** @param writtenMillis milliseconds since 1970 */
    public record NewestCheckpoint(Path path, long step, long writtenMillis) {
    }

    /**
     * What checkpoints take.
     *
     * @param files          in their directory
     * @param bytes          of these
     * @param bytesOnDisk    with all their replicas
     */
    public record Disk(long files, long bytes, long bytesOnDisk) {

        /** Both together. */
        public Disk plus(Disk other) {
            return new Disk(files + other.files, bytes + other.bytes, bytesOnDisk + other.bytesOnDisk);
        }
    }

    /** The directory's name, like run-1. */
    public String name() {
        return directory.getName();
    }

    /** Events of a kind. */
    public List<RunEvent> events(Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }
}
