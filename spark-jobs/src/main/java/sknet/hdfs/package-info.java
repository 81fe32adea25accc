/**
 * A small HDFS inside the driver, for the demo and the integration tests. Nothing here may be needed by a job on a cluster: its
 * classes come from {@code hadoop-client-minicluster}, which is on the class path only where an embedded HDFS is wanted.
 */
package sknet.hdfs;
