/**
 * The prepared data set at rest: shards, their indices and the manifest; written, read and verified.
 *
 * <p>A data set is a directory on any Hadoop file system:
 * <pre>
 * manifest.json                      written last, by rename: its presence means that the data set is whole
 * classes.txt                        one class name a line; the line number is the label
 * rejected.jsonl                     the files that were left out, each with its reason
 * train/shard-00000.seq  val/...     Hadoop SequenceFile, uncompressed: Text "label TAB id" to BytesWritable (the file's bytes)
 * train/shard-00000.idx  val/...     where each record's image lies, its label, CRC32C and id
 * </pre>
 *
 * <p>A name is final only by rename, so whatever carries a final name is whole. Every length read from a file is bounded, and
 * every record is checked against its CRC32C. This package knows bytes, not pixels, and may import nothing but Hadoop's
 * client, Jackson and the JDK.
 */
package sknet.data.shard;
