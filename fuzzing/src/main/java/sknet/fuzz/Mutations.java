package sknet.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damaged copies of files: what disks, transfers and people who mean harm make of them. The same seed and number give the same copy.
 */
public final class Mutations {
    private static final int MOST_CHANGES = 4;
    private static final int MOST_FLIPS = 8;
    private static final int MOST_BLOCK_BYTES = 1 << 12;
    /** What a length is when it is wrong on purpose. */
    private static final long[] LENGTHS = {0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL, 0x7FFF_FFF7L,
        0x4000_0000L, 0x1_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE};

    private final List<byte[]> originals;
    private final long seed;

    /** @param originals whole files of one format, at least one; parts of one are put into another */
    public Mutations(long seed, List<byte[]> originals) {
        this.originals = List.copyOf(originals);
        this.seed = seed;
    }

    private enum Change { FLIP, BYTE, LENGTH, TRUNCATE, DELETE, REPEAT, INSERT, ZERO, SPLICE, EXCHANGE }

    /** Number of the original that a copy is made from. */
    public int originalOf(int number) {
        return number % originals.size();
    }

    /** A copy with one change, or up to four. */
    public byte[] copy(int number) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        byte[] file = originals.get(originalOf(number)).clone();
        for (int changes = random.nextBoolean() ? 1 : random.nextInt(2, MOST_CHANGES + 1); changes > 0; changes--) {
            file = changed(file, random);
        }
        return file;
    }

    private byte[] changed(byte[] file, SplittableRandom random) {
        if (file.length == 0) {
            return random(random, random.nextInt(1, 64));
        }
        int at = place(file, random);
        int block = Math.min(file.length - at, random.nextInt(1, 1 + Math.min(MOST_BLOCK_BYTES, file.length)));
        Change change = Change.values()[random.nextInt(Change.values().length)];
        return switch (change) {
            case FLIP -> flipped(file, random);
            case BYTE -> withBytes(file, at, random(random, 1));
            case LENGTH -> withBytes(file, at, length(file, random));
            case TRUNCATE -> Arrays.copyOf(file, at);
            case DELETE -> joined(file, at, new byte[0], file, at + block);
            case REPEAT -> joined(file, at + block, Arrays.copyOfRange(file, at, at + block), file, at + block);
            case INSERT -> joined(file, at, random(random, random.nextInt(1, 64)), file, at);
            case ZERO -> withBytes(file, at, new byte[block]);
            case SPLICE -> spliced(file, at, random);
            case EXCHANGE -> {
                int other = place(file, random);
                byte[] taken = Arrays.copyOfRange(file, other, Math.min(file.length, other + block));
                yield withBytes(withBytes(file, other, Arrays.copyOfRange(file, at, at + taken.length)), at, taken);
            }
        };
    }

    /** Half of all changes are in the first bytes, where formats keep what they say of themselves. */
    private static int place(byte[] file, SplittableRandom random) {
        return random.nextInt(random.nextBoolean() ? Math.min(file.length, 256) : file.length);
    }

    private static byte[] flipped(byte[] file, SplittableRandom random) {
        for (int flips = random.nextInt(1, MOST_FLIPS + 1); flips > 0; flips--) {
            file[place(file, random)] ^= (byte) (1 << random.nextInt(8));
        }
        return file;
    }

    private static byte[] length(byte[] file, SplittableRandom random) {
        long length = random.nextInt(4) == 0 ? file.length + random.nextInt(-2, 3) : LENGTHS[random.nextInt(LENGTHS.length)];
        byte[] bytes = new byte[1 << random.nextInt(4)];
        boolean littleEndian = random.nextBoolean();
        for (int i = 0; i < bytes.length; i++) {
            bytes[littleEndian ? i : bytes.length - 1 - i] = (byte) (length >> 8 * i);
        }
        return bytes;
    }

    private byte[] spliced(byte[] file, int at, SplittableRandom random) {
        byte[] other = originals.get(random.nextInt(originals.size()));
        return other.length == 0 ? Arrays.copyOf(file, at) : joined(file, at, new byte[0], other, place(other, random));
    }

    private static byte[] withBytes(byte[] file, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, file, at, Math.min(bytes.length, file.length - at));
        return file;
    }

    /** The beginning of one file, what is put in, and the end of a file. */
    private static byte[] joined(byte[] head, int headEnd, byte[] between, byte[] tail, int tailStart) {
        byte[] joined = Arrays.copyOf(head, headEnd + between.length + tail.length - tailStart);
        System.arraycopy(between, 0, joined, headEnd, between.length);
        System.arraycopy(tail, tailStart, joined, headEnd + between.length, tail.length - tailStart);
        return joined;
    }

    private static byte[] random(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
