package sknet.data.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import us.hebi.matlab.mat.format.BufferAllocator;
import us.hebi.matlab.mat.format.Mat5Reader;
import us.hebi.matlab.mat.format.Mat5Tag;
import us.hebi.matlab.mat.format.Mat5Type;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/**
 * The library's reader of MATLAB files, which makes room for whatever length a file names, held to what the file can have: all lengths together are
 * no more than its bytes unfold to.
 */
final class BoundedMatReader extends Mat5Reader {
    /** Deflate's limit. */
    private static final long MOST_UNFOLDED = 1032;
    private static final int MOST_DEPTH = 16;
    private static final int TAG_BYTES = 8;

    private final AtomicLong left;
    private int depth;

    private BoundedMatReader(Source source, AtomicLong left) {
        super(source);
        this.left = left;
    }

    static Mat5Reader of(byte[] content) {
        BoundedMatReader reader = new BoundedMatReader(Sources.wrap(content), new AtomicLong(MOST_UNFOLDED * content.length));
        return reader.disableSubsystemProcessing().setBufferAllocator(new BufferAllocator() {
            @Override
            public ByteBuffer allocate(int bytes) {
                reader.claim(bytes);
                return ByteBuffer.allocate(bytes);
            }

            @Override
            public void release(ByteBuffer buffer) {
                // Garbage.
            }
        });
    }

    private void claim(long bytes) {
        if (bytes < 0 || left.addAndGet(-bytes) < 0) {
            throw new IllegalArgumentException("it names a length of " + bytes + " bytes, more than it can have");
        }
    }

    @Override
    protected Mat5Tag readTagWithExpectedType(Mat5Type expected) throws IOException {
        Mat5Tag tag = super.readTagWithExpectedType(expected);
        claim(tag.getNumBytes());
        return tag;
    }

    @Override
    protected Array[][] readValues(EntryHeader header, int fieldNameBytes, String[] names) throws IOException {
        claim((long) TAG_BYTES * names.length * header.getNumElements());
        return super.readValues(header, fieldNameBytes, names);
    }

    @Override
    protected Array readCell(EntryHeader header) throws IOException {
        claim((long) TAG_BYTES * header.getNumElements());
        return super.readCell(header);
    }

    @Override
    protected Array readNestedArray() throws IOException {
        if (++depth > MOST_DEPTH) {
            throw new IOException("it has arrays in arrays, more than " + MOST_DEPTH + " deep");
        }
        Array array = super.readNestedArray();
        depth--;
        return array;
    }

    @Override
    protected Mat5Reader createChildReader(Source source) {
        BoundedMatReader child = new BoundedMatReader(source, left);
        child.depth = depth;
        child.filter = filter;
        child.mcos = mcos;
        child.bufferAllocator = bufferAllocator;
        return child;
    }
}
