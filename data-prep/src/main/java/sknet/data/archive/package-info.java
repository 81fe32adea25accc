/**
 * Formats that data sets are published in: tar, gzip, IDX, and the synset list of ImageNet's development kit. This package finds bytes in
 * files and checks what it reads; it knows neither pixels nor Spark.
 */
package sknet.data.archive;
