/** Spark clusters, of standalone servers or of the pods of Kubernetes, and an HDFS, all of processes of their own; jobs on them, and the faults that tests bring about. */
package sknet.cluster;
