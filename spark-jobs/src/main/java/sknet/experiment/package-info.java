/**
 * Experiments: models x runs of one data set, as a file under conf/experiments describes them; how far they are, from their directories alone; the table
 * of their errors beside the paper's. Here is no training and no Spark: {@code sknet.cli} starts what is missing.
 */
package sknet.experiment;
