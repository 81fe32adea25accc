package sknet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sknet.train.EpochMetrics;
import sknet.train.Place;
import sknet.train.StepMetrics;
import sknet.train.TrainingObserver;

/** Shows a run's progress: epoch, loss, images/s and the epoch's wait for data behind the bar of its steps. */
final class TrainingProgress implements TrainingObserver {

    private final Progress progress;
    private final int epochs;
    private long totalSteps;
    private final List<StepMetrics> ofEpoch = new ArrayList<>();

    TrainingProgress(Progress progress, int epochs) {
        this.progress = progress;
        this.epochs = epochs;
    }

    @Override
    public void started(long step, long total, Resumed resumed) {
        totalSteps = total;
        if (resumed == Resumed.FROM_CHECKPOINT) {
            Notices.tell(String.format(Locale.ROOT, "resuming at step %,d of %,d", step, total));
        }
        progress.update(step, total, "starting the executors");
    }

    @Override
    public void placed(List<Place> replicas) {
        if (replicas.stream().anyMatch(place -> !place.gpu().isEmpty())) {
            Notices.tell("GPUs of the replicas: "
                + replicas.stream().map(place -> place.host() + " " + place.gpu()).collect(Collectors.joining(", ")));
        }
    }

    @Override
    public void stepped(StepMetrics metrics) {
        ofEpoch.removeIf(line -> line.epoch() != metrics.epoch());
        ofEpoch.add(metrics);
        progress.update(metrics.step(), totalSteps, String.format(Locale.ROOT,
            "epoch %d/%d  loss %.3f  lr %.4g  %,.0f img/s  waited for data %.1f %%", metrics.epoch() + 1, epochs, metrics.loss(),
            metrics.learningRate(), metrics.imagesPerSecond(), 100 * EpochMetrics.dataShare(ofEpoch)));
    }

    @Override
    public void passedOver(String message) {
        Notices.warn(message + "; the one before it is used");
    }

    @Override
    public void corrupt(String finding) {
        Notices.warn(finding + "; another record of its shard takes its place");
    }

    @Override
    public void restarting(int restart, Throwable cause) {
        Notices.warn("restart " + restart + " from the newest checkpoint: " + FailureReport.message(cause));
    }
}
