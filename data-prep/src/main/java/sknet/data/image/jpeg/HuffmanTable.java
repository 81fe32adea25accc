package sknet.data.image.jpeg;

import java.util.Arrays;

/**
 * A Huffman code, and a table by the next {@link #LOOKUP} bits that answers nearly every one at once: where code and the bits of
 * the coefficient's value behind it fit in so many, the value too.
 *
 * <p>An entry has the number of bits it stands for in bits 0 to 4. Above 0xFFFF or below 0 it is a whole coefficient: its value in
 * bits 16 to 31, the zeros before it in bits 8 to 15. Otherwise it is a code alone, with its symbol in bits 8 to 15, or 0 where
 * the code is longer than the table.
 */
final class HuffmanTable {
    static final int LOOKUP = 10;
    static final int SKIP_LOOKUP = 12;
    static final int BLOCK_END = 1 << 16;
    static final int NONE = 1 << 17;
    private static final int MAX_LENGTH = 16;

    private final byte[] specification;
    private final int[] entries = new int[1 << LOOKUP];
    /** By length: what the next 16 bits lie below if the code has this length or less, and how to get from it to its symbol. */
    private final int[] end = new int[MAX_LENGTH + 1];
    private final int[] symbolOffset = new int[MAX_LENGTH + 1];
    private int[] codes;
    private int[] skips;

    /** @param specification counts of the codes of 1 to 16 bits, then their symbols, as in a file */
    HuffmanTable(byte[] specification) throws JpegException {
        this.specification = specification;
        int code = 0;
        int symbol = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            int count = specification[length - 1] & 0xFF;
            symbolOffset[length] = MAX_LENGTH + symbol - code;
            for (int i = 0; i < count; i++) {
                if (code >= 1 << length) {
                    throw JpegException.damaged("a Huffman table has too many codes");
                }
                if (length <= LOOKUP) {
                    fill(code++, length, specification[MAX_LENGTH + symbol++] & 0xFF);
                } else {
                    code++;
                    symbol++;
                }
            }
            end[length] = code << MAX_LENGTH - length;
            code <<= 1;
        }
    }

    private void fill(int code, int length, int symbol) {
        int free = LOOKUP - length;
        int size = symbol & 15;
        int run = symbol >> 4;
        int first = code << free;
        if (size == 0 || size > free) {
            Arrays.fill(entries, first, first + (1 << free), symbol << 8 | length);
            return;
        }
        int same = 1 << free - size;
        for (int bits = 0; bits < 1 << size; bits++) {
            int value = bits < 1 << size - 1 ? bits - (1 << size) + 1 : bits;
            int start = first + bits * same;
            Arrays.fill(entries, start, start + same, value << 16 | run << 8 | length + size);
        }
    }

    boolean isOf(byte[] other, int from, int to) {
        return Arrays.equals(specification, 0, specification.length, other, from, to);
    }

    int[] entries() {
        return entries;
    }

    /**
     * What to pass over at once: all coefficients whose codes lie whole in the next {@link #SKIP_LOOKUP} bits, and the end of the
     * block if it follows. The bits of the last one's value may lie behind, for nobody looks at them. Entries have the bits in bits
     * 0 to 4, the coefficients with the zeros before them in bits 8 to 15, and {@link #BLOCK_END}; or they are {@link #NONE}.
     */
    int[] skips() {
        if (skips == null) {
            skips = new int[1 << SKIP_LOOKUP];
            for (int window = 0; window < skips.length; window++) {
                skips[window] = skip(window);
            }
        }
        return skips;
    }

    private int skip(int window) {
        int bits = 0;
        int coefficients = 0;
        while (bits < SKIP_LOOKUP) {
            int rest = window << bits & (1 << SKIP_LOOKUP) - 1;
            int entry = codes()[rest >> SKIP_LOOKUP - LOOKUP];
            if (entry == 0) {
                entry = longCode(rest << MAX_LENGTH - SKIP_LOOKUP);
            }
            int length = entry & 31;
            int size = entry >> 8 & 15;
            int run = entry >> 12;
            // An end of several blocks has no place here.
            if (entry < 0 || bits + length > SKIP_LOOKUP || size == 0 && run > 0 && run < 15) {
                break;
            }
            bits += length + size;
            if (size == 0 && run == 0) {
                return BLOCK_END | coefficients << 8 | bits;
            }
            coefficients += run + 1;
        }
        return bits == 0 ? NONE : coefficients << 8 | bits;
    }

    /** The same table without values: every entry a code alone. */
    int[] codes() {
        if (codes == null) {
            codes = new int[1 << LOOKUP];
            int code = 0;
            int symbol = MAX_LENGTH;
            for (int length = 1; length <= LOOKUP; length++) {
                for (int i = 0; i < (specification[length - 1] & 0xFF); i++) {
                    int first = code++ << LOOKUP - length;
                    Arrays.fill(codes, first, first + (1 << LOOKUP - length), (specification[symbol++] & 0xFF) << 8 | length);
                }
                code <<= 1;
            }
        }
        return codes;
    }

    /**
     * A code that is longer than the table.
     *
     * @param bits the next 16
     * @return its symbol in bits 8 to 15 and its length below; -1 if there is no such code
     */
    int longCode(int bits) {
        for (int length = LOOKUP + 1; length <= MAX_LENGTH; length++) {
            if (bits < end[length]) {
                int symbol = specification[symbolOffset[length] + (bits >> MAX_LENGTH - length)] & 0xFF;
                return symbol << 8 | length;
            }
        }
        return -1;
    }
}
