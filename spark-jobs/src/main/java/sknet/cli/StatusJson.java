package sknet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import sknet.status.RunStatus;
import sknet.status.RunStatus.Course;
import sknet.status.RunStatus.Evaluation;
import sknet.status.TrainingStatus;
import sknet.train.RunEvent.Kind;

/** A training's status for programs. What is not known is not there. Times are in UTC. */
final class StatusJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StatusJson() {
    }

    /** @param next the next command; empty for none */
    static String of(TrainingStatus training, String next) {
        ObjectNode node = JSON.createObjectNode();
        node.put("training", training.directory().toString());
        node.put("time", training.time().toString());
        node.put("model", training.settings().get("model.name"));
        node.put("dataset", training.settings().get("dataset"));
        var runs = node.putArray("runs");
        training.runs().forEach(run -> runs.add(run(run)));
        if (!next.isEmpty()) {
            node.put("next", next);
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the status of " + training.directory(), e);
        }
    }

    private static ObjectNode run(RunStatus run) {
        ObjectNode node = JSON.createObjectNode();
        Course course = run.course();
        node.put("run", run.name());
        node.put("state", StatusText.word(run.phase()));
        node.put("epoch", course.epoch());
        node.put("epochs", course.epochs());
        node.put("step", course.step());
        if (course.totalSteps() > 0) {
            node.put("totalSteps", course.totalSteps());
        }
        run.last().ifPresent(last -> node.put("loss", last.loss()).put("learningRate", last.learningRate()).put("dataShare", last.dataShare()));
        if (course.imagesPerSecond() > 0) {
            node.put("imagesPerSecond", course.imagesPerSecond());
        }
        course.left().ifPresent(left -> node.put("secondsLeft", left.toSeconds()));
        if (run.lastSignMillis() > 0) {
            node.put("lastSign", Instant.ofEpochMilli(run.lastSignMillis()).toString());
        }
        run.newest().ifPresent(newest -> node.putObject("checkpoint").put("path", newest.path().toString()).put("step", newest.step())
            .put("written", Instant.ofEpochMilli(newest.writtenMillis()).toString()).put("evaluated", run.evaluation() == Evaluation.PRESENT));
        run.best().ifPresent(best -> node.putObject("best").put("step", best.step()).put("epoch", best.epoch()).put("top1Error", best.top1Error())
            .put("top5Error", best.top5Error()));
        node.put("restarts", run.events(Kind.RESTARTED).size());
        node.put("corruptRecords", run.events(Kind.CORRUPT).size());
        node.putObject("checkpoints").put("files", run.disk().files()).put("bytes", run.disk().bytes()).put("bytesOnDisk", run.disk().bytesOnDisk());
        var problems = node.putArray("problems");
        run.problems().forEach(problems::add);
        return node;
    }
}
