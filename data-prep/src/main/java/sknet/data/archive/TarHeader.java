package sknet.data.archive;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The 512 bytes before each entry of a tar archive (POSIX.1-1988 ustar, and GNU's dialect of it). */
record TarHeader(byte[] block) {
    static final char FILE = '0';
    static final char OLD_FILE = '\0';
    static final char CONTIGUOUS = '7';
    static final char LONG_NAME = 'L';
    static final char LONG_LINK = 'K';
    static final char PAX = 'x';
    static final char GLOBAL_PAX = 'g';

    private static final int SIZE = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;

    boolean isEnd() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the checksum, a plain sum with itself as blanks, is right. */
    boolean isWhole() {
        long sum = 0;
        for (int i = 0; i < block.length; i++) {
            sum += i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH ? ' ' : block[i] & 0xFF;
        }
        return sum == number(CHECKSUM, CHECKSUM_LENGTH);
    }

    char type() {
        return (char) (block[TYPE] & 0xFF);
    }

    /** Whether it tells of the entry behind it. */
    boolean isExtension() {
        return type() == LONG_NAME || type() == LONG_LINK || type() == PAX || type() == GLOBAL_PAX;
    }

    String name() {
        String name = text(0, 100);
        // GNU's dialect has a blank behind the magic word and other things in the prefix's place.
        String prefix = text(MAGIC, 6).equals("ustar") ? text(PREFIX, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** Size of the entry, below 0 if that is damaged. */
    long bytes() {
        return number(SIZE, SIZE_LENGTH);
    }

    private long number(int start, int length) {
        if ((block[start] & 0x80) != 0) {
            byte[] digits = Arrays.copyOfRange(block, start, start + length);
            digits[0] &= 0x7F;
            BigInteger number = new BigInteger(1, digits);
            return number.bitLength() < Long.SIZE ? number.longValue() : -1;
        }
        String digits = text(start, length).strip();
        return digits.matches("[0-7]{1,12}") ? Long.parseLong(digits, 8) : digits.isEmpty() ? 0 : -1;
    }

    private String text(int start, int length) {
        int end = start;
        while (end < start + length && block[end] != 0) {
            end++;
        }
        return new String(block, start, end - start, StandardCharsets.UTF_8);
    }
}
