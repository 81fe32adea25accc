package sknet.data.shard;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local file system that counts, by the name of each file, the bytes that are read from it and the jumps on the way. */
public final class CountingFileSystem extends RawLocalFileSystem {
    private static final Map<String, AtomicLong> BYTES = new ConcurrentHashMap<>();
    private static final Map<String, AtomicLong> JUMPS = new ConcurrentHashMap<>();

    /** A configuration under which "file:" is this. */
    public static Configuration configuration() {
        Configuration hadoop = new Configuration();
        hadoop.setClass("fs.file.impl", CountingFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
        hadoop.setBoolean("fs.file.impl.disable.cache", true);
        return hadoop;
    }

    public static void reset() {
        BYTES.clear();
        JUMPS.clear();
    }

    /** Bytes read since the last reset of files whose names have an ending. */
    public static long bytes(String ending) {
        return sum(BYTES, ending);
    }

    /** Reads since then that did not go on where the one before had ended, or a few bytes later. */
    public static long jumps(String ending) {
        return sum(JUMPS, ending);
    }

    private static long sum(Map<String, AtomicLong> counts, String ending) {
        return counts.entrySet().stream().filter(entry -> entry.getKey().endsWith(ending)).mapToLong(entry -> entry.getValue().get())
                .sum();
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return new FSDataInputStream(new CountingStream(path.toString(), super.open(path, bufferSize)));
    }

    private static final class CountingStream extends FSInputStream {
        /** Between neighbouring records there are a key of this length at most and a marker. */
        private static final long GAP = 200;

        private final FSDataInputStream real;
        private final AtomicLong bytes;
        private final AtomicLong jumps;
        private long end = -1;

        CountingStream(String name, FSDataInputStream real) {
            this.real = real;
            this.bytes = BYTES.computeIfAbsent(name, key -> new AtomicLong());
            this.jumps = JUMPS.computeIfAbsent(name, key -> new AtomicLong());
        }

        @Override
        public void seek(long position) throws IOException {
            real.seek(position);
        }

        @Override
        public long getPos() throws IOException {
            return real.getPos();
        }

        @Override
        public boolean seekToNewSource(long target) {
            return false;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            long start = real.getPos();
            int read = real.read(buffer, offset, length);
            bytes.addAndGet(Math.max(0, read));
            if (start < end || start > end + GAP) {
                jumps.incrementAndGet();
            }
            end = start + Math.max(0, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
