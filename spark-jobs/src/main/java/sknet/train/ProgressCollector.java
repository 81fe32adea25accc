package sknet.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sknet.checkpoint.StoragePatience;

/** Puts the replicas' reports together: once all ranks have reported on a step, it is a point of the learning curve. */
final class ProgressCollector implements Rendezvous.Reports {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressCollector.class);

    private final String run;
    private final int ranks;
    private final LearningCurve curve;
    private final TrainingObserver observer;
    private final LongConsumer afterCheckpoint;
    private final CorruptRecords corrupt;
    private final TreeMap<Long, List<ReplicaProgress>> reports = new TreeMap<>();

    private volatile long lastStep;

    /**
     * @param run             its directory, for the log
     * @param corrupt         told of each corrupt record
     * @param afterCheckpoint called with the step of each checkpoint, when the learning curve up to it is saved
     */
    ProgressCollector(String run, int ranks, LearningCurve curve, TrainingObserver observer, CorruptRecords corrupt, LongConsumer afterCheckpoint) {
        this.run = run;
        this.ranks = ranks;
        this.curve = curve;
        this.observer = observer;
        this.corrupt = corrupt;
        this.afterCheckpoint = afterCheckpoint;
    }

    @Override
    public void placed(List<Place> places) {
        observer.placed(places);
    }

    @Override
    public void stepped(ReplicaProgress report) {
        List<ReplicaProgress> ofStep = reports.computeIfAbsent(report.step(), step -> new ArrayList<>());
        ofStep.add(report);
        if (ofStep.size() < ranks) {
            return;
        }
        reports.remove(report.step());
        ofStep.stream().flatMap(replica -> replica.corrupt().stream()).forEach(finding -> corrupt.found(report.step(), finding));
        lastStep = report.step();
        StepMetrics metrics = combine(ofStep);
        curve.add(metrics);
        log(metrics);
        observer.stepped(metrics);
        ofStep.stream().filter(replica -> !replica.checkpointPath().isEmpty()).findAny().ifPresent(this::checkpointed);
    }

    private void checkpointed(ReplicaProgress writer) {
        curve.add(writer.step(), writer.attention());
        try {
            curve.save(writer.step());
        } catch (IOException e) {
            // The curve is for people; a run does not fail for it.
            LOG.warn("Cannot save the learning curve of the steps up to {}: {}", writer.step(), StoragePatience.reason(e));
        }
        afterCheckpoint.accept(writer.step());
        LOG.atInfo().addKeyValue("event", "checkpoint").addKeyValue("run", run).addKeyValue("step", writer.step())
            .log("checkpoint: {}", writer.checkpointPath());
        observer.checkpointed(writer.checkpointPath());
    }

    private void log(StepMetrics metrics) {
        LOG.atInfo().addKeyValue("event", "progress").addKeyValue("run", run).addKeyValue("epoch", metrics.epoch())
            .addKeyValue("step", metrics.step()).log(() -> String.format(Locale.ROOT, "loss %.4f, learning rate %.4g, %.1f images/s, waited for data %.1f %%", metrics.loss(),
                metrics.learningRate(), metrics.imagesPerSecond(), 100 * metrics.dataShare()));
    }

    /** The last step that all ranks have reported; 0 before. */
    long lastStep() {
        return lastStep;
    }

    private static StepMetrics combine(List<ReplicaProgress> reports) {
        ReplicaProgress any = reports.get(0);
        int images = reports.stream().mapToInt(ReplicaProgress::images).sum();
        double loss = reports.stream().mapToDouble(ReplicaProgress::lossSum).sum() / images;
        double seconds = reports.stream().mapToDouble(ReplicaProgress::seconds).max().orElseThrow();
        double data = reports.stream().mapToDouble(ReplicaProgress::dataSeconds).max().orElseThrow();
        double sync = reports.stream().mapToDouble(ReplicaProgress::syncSeconds).average().orElseThrow();
        double exchange = reports.stream().mapToDouble(ReplicaProgress::syncSeconds).min().orElseThrow();
        return new StepMetrics(any.step(), any.epoch(), loss, any.learningRate(), seconds, images / seconds, data / seconds,
            sync / seconds, exchange / seconds, reports.stream().mapToInt(report -> report.corrupt().size()).sum());
    }
}
