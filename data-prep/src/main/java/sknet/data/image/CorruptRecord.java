package sknet.data.image;

/**
 * A record that another one took the place of.
 *
 * @param ordinal its number in the split
 * @param finding names shard and record and says what is wrong
 */
public record CorruptRecord(int ordinal, String finding) {
}
