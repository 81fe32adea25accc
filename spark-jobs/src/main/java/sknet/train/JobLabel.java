package sknet.train;

import org.apache.spark.api.java.JavaSparkContext;

/**
 * What Spark's web interface and its REST API say of the jobs that this thread starts: the group they belong to and a description. Spark takes
 * both when a job begins; they cannot change while it runs.
 */
public final class JobLabel implements AutoCloseable {

    private static final String GROUP = "spark.jobGroup.id";
    private static final String DESCRIPTION = "spark.job.description";

    private final JavaSparkContext spark;
    private final String groupBefore;
    private final String descriptionBefore;

    private JobLabel(JavaSparkContext spark, String group, String description) {
        this.spark = spark;
        this.groupBefore = spark.getLocalProperty(GROUP);
        this.descriptionBefore = spark.getLocalProperty(DESCRIPTION);
        spark.setLocalProperty(GROUP, group);
        spark.setLocalProperty(DESCRIPTION, description);
    }

    /**
     * Until it is closed, jobs have this label.
     *
     * @param group of all jobs that belong together: of a run, its directory
     */
    public static JobLabel of(JavaSparkContext spark, String group, String description) {
        return new JobLabel(spark, group, description);
    }

    /** Until it is closed, jobs are described in more detail. */
    public static JobLabel within(JavaSparkContext spark, String detail) {
        String before = spark.getLocalProperty(DESCRIPTION);
        return new JobLabel(spark, spark.getLocalProperty(GROUP), before == null ? detail : before + ", " + detail);
    }

    /** The label is again what it was. */
    @Override
    public void close() {
        spark.setLocalProperty(GROUP, groupBefore);
        spark.setLocalProperty(DESCRIPTION, descriptionBefore);
    }
}
