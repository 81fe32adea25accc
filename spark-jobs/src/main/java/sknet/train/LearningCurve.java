package sknet.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sknet.tensorboard.EventFiles;
import sknet.tensorboard.EventFiles.Kind;
import sknet.tensorboard.StepEvent;

/** What an attempt has learnt of its steps since the last checkpoint: it is saved with the next one, in the history and for TensorBoard. */
final class LearningCurve {

    private final History history;
    private final EventFiles eventFiles;
    private final List<StepMetrics> lines = new ArrayList<>();
    private final List<StepEvent> events = new ArrayList<>();

    LearningCurve(History history, EventFiles eventFiles) {
        this.history = history;
        this.eventFiles = eventFiles;
    }

    void add(StepMetrics metrics) {
        lines.add(metrics);
        events.add(new StepEvent(System.currentTimeMillis(), metrics.step(), List.of(
            StepEvent.scalar("train/loss", metrics.loss()),
            StepEvent.scalar("train/learning-rate", metrics.learningRate()),
            StepEvent.scalar("train/images-per-second", metrics.imagesPerSecond()),
            StepEvent.scalar("train/data-share", metrics.dataShare()),
            StepEvent.scalar("train/sync-share", metrics.syncShare()),
            StepEvent.scalar("train/exchange-share", metrics.exchangeShare()))));
    }

    void add(long step, List<AttentionHistogram> attention) {
        if (!attention.isEmpty()) {
            events.add(new StepEvent(System.currentTimeMillis(), step,
                attention.stream().map(histogram -> StepEvent.histogram(histogram.tag(), histogram.weights())).toList()));
        }
    }

    /** Saves it with the checkpoint of {@code step}; what cannot be saved goes with the next one. */
    void save(long step) throws IOException {
        history.save(step, lines);
        lines.clear();
        eventFiles.save(step, Kind.TRAIN, events);
        events.clear();
    }
}
