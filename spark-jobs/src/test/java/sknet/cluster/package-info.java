/** A Spark cluster and an HDFS of processes of their own, jobs on them, and the faults that tests bring about. */
package sknet.cluster;
