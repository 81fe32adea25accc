package sknet.evaluate;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.tensorboard.EventFiles;
import sknet.tensorboard.EventFiles.Kind;
import sknet.tensorboard.StepEvent;

/** A checkpoint's errors for TensorBoard, among the events of its run. */
final class EvaluationEvents {

    private EvaluationEvents() {
    }

    /** Saves them in the run's directory, in place of earlier ones of the same step. */
    static void save(FileSystem fileSystem, Path run, EvaluationResult result) throws IOException {
        StepEvent event = new StepEvent(System.currentTimeMillis(), result.step(), List.of(
            StepEvent.scalar("eval/top-1-error", result.top1Error()), StepEvent.scalar("eval/top-5-error", result.top5Error())));
        new EventFiles(fileSystem, run).save(result.step(), Kind.VAL, List.of(event));
    }
}
