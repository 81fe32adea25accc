package sknet.data.image.jpeg;

/**
 * A start-of-scan segment.
 *
 * @param components indices in the frame
 * @param dcTables   Huffman table of each, 0 to 3
 * @param first      first coefficient in zigzag order, 0 but in progressive scans
 * @param last       last coefficient
 * @param high       bit position of the scan before that this one refines; 0 if there is none
 * @param low        bit position of this scan
 */
record Scan(int[] components, int[] dcTables, int[] acTables, int first, int last, int high, int low) {
}
