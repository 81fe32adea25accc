package sknet.kernel.onednn;

import org.bytedeco.javacpp.BytePointer;

/**
 * Memory of a thread for what lives during one operation only, shared by all operations that the thread runs. It grows to the largest
 * need and is kept, for fresh pages cost more than the arithmetic on them.
 */
final class Arena {
    /** A cache line, and the widest vector. */
    static final long ALIGNMENT = 64;

    private static final ThreadLocal<Arena> OF_THREAD = ThreadLocal.withInitial(Arena::new);

    private BytePointer memory;
    private long skipped;

    private Arena() {}

    static Arena ofThread() {
        return OF_THREAD.get();
    }

    /** Rounds a size up so that what follows it is aligned. */
    static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** The address of at least so many bytes; valid until a larger need. */
    long reserve(long bytes) {
        if (memory == null || memory.capacity() < bytes + ALIGNMENT) {
            if (memory != null) {
                memory.close();
            }
            memory = new BytePointer(bytes + ALIGNMENT);
            skipped = aligned(memory.address()) - memory.address();
        }
        return memory.address() + skipped;
    }

    /** The place at an offset. */
    BytePointer at(long offset) {
        return memory.getPointer(skipped + offset);
    }
}
