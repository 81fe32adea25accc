package sknet.train;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;
import sknet.task.TaskProcessor;

/** Tasks that run all at once, one an executor, or not at all: a barrier stage of Spark. When one fails, all do. */
public final class Gang {

    private Gang() {
    }

    /** What each of the tasks does. */
    @FunctionalInterface
    public interface Member extends Serializable {

        /**
         * Runs on the cores, and on the GPU if there is one, that Spark gives the task.
         *
         * @param task its partition is the rank
         * @return a few words for the driver
         */
        String run(BarrierTaskContext task) throws IOException, InterruptedException;
    }

    /**
     * Runs them.
     *
     * @return what each has returned, in the order of ranks
     * @throws SparkException if one has failed
     */
    public static List<String> run(JavaSparkContext spark, int size, Member member) throws SparkException {
        List<Integer> ranks = IntStream.range(0, size).boxed().toList();
        // When one task is lost the others may be waiting for it, or for a file system: the next attempt needs their places.
        spark.setInterruptOnCancel(true);
        try {
            return spark.parallelize(ranks, size).rdd().barrier().mapPartitions(new Task(member), false, ClassTag.apply(String.class)).toJavaRDD().collect();
        } catch (IllegalStateException e) {
            // Spark stops in a thread of its own when the cluster gives the application up, soon after the stage has failed of it.
            if (spark.sc().isStopped()) {
                throw new SparkException("the cluster has ended the application", e);
            }
            throw e;
        }
    }

    private static final class Task extends AbstractFunction1<Iterator<Integer>, Iterator<String>> implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Member member;

        Task(Member member) {
            this.member = member;
        }

        @Override
        public Iterator<String> apply(Iterator<Integer> ignored) {
            try {
                BarrierTaskContext task = BarrierTaskContext.get();
                TaskProcessor.of(task).use();
                return JavaConverters.asScalaIterator(List.of(member.run(task)).iterator());
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The task was interrupted", e);
            }
        }
    }
}
