/**
 * The Spark jobs that turn source images into a prepared data set.
 *
 * <p>A source lists its images on the driver, which sorts, shuffles and plans; one task writes one shard; the driver commits. The
 * same source and seed give the same bytes, on however many executors. Only this package of the module may import Spark.
 */
package sknet.data.prepare;
