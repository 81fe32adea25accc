package sknet.sync;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory that processes of one user on one host share: a file in memory that has lost its name before anybody else hears of it. Others reach it
 * by this process's entry in {@code /proc}, which the system shows to the same user (and root) alone. However its processes end, nothing of it stays behind.
 */
public final class SharedMemory implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedMemory.class);
    private static final Path MEMORY_FILES = Path.of("/dev/shm");
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int CHUNK_BYTES = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer bytes;
    private final String location;

    private SharedMemory(FileChannel channel, ByteBuffer bytes, String location) {
        this.channel = channel;
        this.bytes = bytes;
        this.location = location;
    }

    /**
     * Takes memory, whole and at once: what is promised now is there later.
     *
     * @return nothing where the system has no such memory, or not so much of it
     */
    static Optional<SharedMemory> create(long size) {
        if (size > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        try {
            return Optional.of(allocate((int) size));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info("No {} MiB of shared memory: {}", size >> 20, e.toString());
            return Optional.empty();
        }
    }

    private static SharedMemory allocate(int size) throws IOException {
        Path file = MEMORY_FILES.resolve("sknet-" + UUID.randomUUID());
        FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE), OWNER_ONLY);
        try {
            Files.delete(file);
            ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
            for (int done = 0; done < size; done += zeros.position()) {
                channel.write(zeros.clear().limit(Math.min(zeros.capacity(), size - done)), done);
            }
            return new SharedMemory(channel, map(channel), locate(file + " (deleted)"));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static ByteBuffer map(FileChannel channel) throws IOException {
        MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, channel.size());
        return mapped.order(ByteOrder.nativeOrder());
    }

    private static String locate(String target) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : files) {
                if (pointsTo(file, target)) {
                    return "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.getFileName() + "=" + target;
                }
            }
        }
        throw new IOException("no open file " + target + " in " + OPEN_FILES);
    }

    private static boolean pointsTo(Path link, String target) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString().equals(target);
        } catch (NoSuchFileException closedMeanwhile) {
            return false;
        }
    }

    /** For {@link #open} in another process. */
    public String location() {
        return location;
    }

    /** The memory, in this processor's byte order. */
    ByteBuffer bytes() {
        return bytes;
    }

    /**
     * The memory at a {@link #location}; it stays for as long as the buffer does.
     *
     * @return nothing if it is not within reach: on another host, in another container, of another user
     */
    public static Optional<ByteBuffer> open(String location) {
        int end = location.indexOf('=');
        if (end < 0) {
            return Optional.empty();
        }
        Path file = Path.of(location.substring(0, end));
        try {
            // The same number may be another process's here.
            if (!pointsTo(file, location.substring(end + 1))) {
                return Optional.empty();
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return Optional.of(map(channel));
            }
        } catch (IOException e) {
            LOG.debug("Not within reach: {}", location, e);
            return Optional.empty();
        }
    }

    /** From now on nobody can open it any more; the buffers of it that there are stay. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + location, e);
        }
    }
}
