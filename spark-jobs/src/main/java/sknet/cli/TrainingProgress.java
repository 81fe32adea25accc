package sknet.cli;

import java.util.Locale;
import sknet.train.StepMetrics;
import sknet.train.TrainingObserver;

/** Shows a run's progress: epoch, loss and images/s behind the bar of its steps. */
final class TrainingProgress implements TrainingObserver {

    private final Progress progress;
    private final int epochs;
    private long totalSteps;

    TrainingProgress(Progress progress, int epochs) {
        this.progress = progress;
        this.epochs = epochs;
    }

    @Override
    public void started(long step, long total, Resumed resumed) {
        totalSteps = total;
        if (resumed == Resumed.FROM_CHECKPOINT) {
            System.err.printf("resuming at step %,d of %,d%n", step, total);
        }
        progress.update(step, total, "starting the executors");
    }

    @Override
    public void stepped(StepMetrics metrics) {
        progress.update(metrics.step(), totalSteps, String.format(Locale.ROOT, "epoch %d/%d  loss %.3f  lr %.4g  %,.0f img/s",
            metrics.epoch() + 1, epochs, metrics.loss(), metrics.learningRate(), metrics.imagesPerSecond()));
    }

    @Override
    public void checkpointed(String path) {
        // The run says at its end where its checkpoints are; each of them is no news.
    }

    @Override
    public void passedOver(String message) {
        System.err.println(message + "; the one before it is used");
    }

    @Override
    public void restarting(int restart, Throwable cause) {
        System.err.printf("restart %d from the newest checkpoint: %s%n", restart, FailureReport.message(cause));
    }
}
