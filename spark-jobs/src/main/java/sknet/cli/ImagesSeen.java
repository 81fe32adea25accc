package sknet.cli;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.JavaConverters;

/**
 * How many images the tasks of a group of jobs have seen, by the records that they count as their input. Executors tell it with their heartbeats,
 * every ten seconds, and when a task ends; what a lost task has seen does not count.
 */
final class ImagesSeen extends SparkListener implements AutoCloseable {

    private static final String RECORDS_READ = "internal.metrics.input.recordsRead";

    private final JavaSparkContext spark;
    private final String group;
    private final LongConsumer observer;
    private final Set<Integer> stages = new HashSet<>();
    private final Map<Long, Long> byTask = new HashMap<>();

    private ImagesSeen(JavaSparkContext spark, String group, LongConsumer observer) {
        this.spark = spark;
        this.group = group;
        this.observer = observer;
    }

    /** @param observer told of the number on a thread of Spark's, until it is closed */
    static ImagesSeen of(JavaSparkContext spark, String group, LongConsumer observer) {
        ImagesSeen seen = new ImagesSeen(spark, group, observer);
        spark.sc().addSparkListener(seen);
        return seen;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
        if (job.properties() != null && group.equals(job.properties().getProperty("spark.jobGroup.id"))) {
            JavaConverters.seqAsJavaList(job.stageInfos()).forEach(stage -> stages.add(stage.stageId()));
        }
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
        JavaConverters.seqAsJavaList(heartbeat.accumUpdates()).forEach(task -> {
            if (stages.contains((Integer) task._2())) {
                for (AccumulableInfo info : JavaConverters.seqAsJavaList(task._4())) {
                    if (info.name().contains(RECORDS_READ) && info.update().isDefined()) {
                        byTask.put((Long) task._1(), ((Number) info.update().get()).longValue());
                    }
                }
            }
        });
        tell();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        if (!stages.contains(task.stageId())) {
            return;
        }
        if (task.taskInfo().successful()) {
            byTask.put(task.taskInfo().taskId(), task.taskMetrics().inputMetrics().recordsRead());
        } else {
            byTask.remove(task.taskInfo().taskId());
        }
        tell();
    }

    private void tell() {
        if (!byTask.isEmpty()) {
            observer.accept(byTask.values().stream().mapToLong(Long::longValue).sum());
        }
    }

    @Override
    public void close() {
        spark.sc().removeSparkListener(this);
    }
}
