package sknet.data.shard;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** One open shard: from the cache if it got room there, else by positional reads. Thread safe. */
final class ShardFile implements Closeable {
    private final FileSystem fs;
    private final Path path;
    private final ShardIndex index;
    private final long bytes;
    private final AtomicLong cacheRoom;
    private State state = State.UNTOUCHED;
    private byte[] cached;
    private FSDataInputStream stream;

    private enum State { UNTOUCHED, CACHED, DIRECT, CLOSED }

    /**
     * @param bytes     the shard's size by the manifest
     * @param cacheRoom bytes left in the cache all shards share
     */
    ShardFile(FileSystem fs, Path path, ShardIndex index, long bytes, AtomicLong cacheRoom) {
        this.fs = fs;
        this.path = path;
        this.index = index;
        this.bytes = bytes;
        this.cacheRoom = cacheRoom;
    }

    ShardedSplit.Sample read(int record, int ordinal) throws IOException {
        touch();
        return checked(record, ordinal, cached != null ? fromCache(record) : fromStream(record));
    }

    /**
     * Reads records in the order of their numbers from one stream of their own, past the cache: what lies between neighbours is a
     * few bytes, so the file system sees one long read.
     *
     * @param firstOrdinal ordinal of the shard's first record
     * @param sink         answers whether to go on
     */
    boolean scan(int[] records, int firstOrdinal, SampleSink sink) {
        try (FSDataInputStream in = fs.open(path)) {
            boolean goOn = true;
            for (int i = 0; i < records.length && goOn; i++) {
                goOn = next(in, records[i], firstOrdinal + records[i], sink);
            }
            return goOn;
        } catch (IOException e) {
            // Neither opened nor closed: what was not read is missing. The sink keeps what it has.
            for (int record : records) {
                sink.failed(firstOrdinal + record, e);
            }
            return true;
        }
    }

    private boolean next(FSDataInputStream in, int record, int ordinal, SampleSink sink) {
        try {
            byte[] image = new byte[index.length(record)];
            in.seek(index.offset(record));
            in.readFully(image);
            return sink.read(checked(record, ordinal, image));
        } catch (EOFException e) {
            return sink.failed(ordinal, shorter(record, e));
        } catch (ChecksumException e) {
            return sink.failed(ordinal, corrupt(record, e.getMessage(), e));
        } catch (IOException e) {
            return sink.failed(ordinal, e);
        }
    }

    /** A record by its number, id and file. */
    String place(int record) {
        return "record " + record + " (" + index.id(record) + ") of " + path;
    }

    private ShardedSplit.Sample checked(int record, int ordinal, byte[] image) throws CorruptShardException {
        int checksum = ShardIndex.checksum(image, 0, image.length);
        if (checksum != index.checksum(record)) {
            throw corrupt(record, String.format("CRC32C is 0x%08X (expected 0x%08X)", checksum, index.checksum(record)), null);
        }
        return new ShardedSplit.Sample(ordinal, index.id(record), index.label(record), image);
    }

    int label(int record) {
        return index.label(record);
    }

    String id(int record) {
        return index.id(record);
    }

    /** Makes either {@link #cached} or {@link #stream} ready; the lock publishes it to the reading thread. */
    private synchronized void touch() throws IOException {
        if (state == State.CLOSED) {
            throw new IOException("Cannot read " + path + ": it is closed");
        }
        if (state != State.UNTOUCHED) {
            return;
        }
        FSDataInputStream in = fs.open(path);
        try {
            if (reserve()) {
                cached = load(in);
            }
        } catch (ChecksumException damaged) {
            // Only the records in the damaged part are lost: reading them one by one will name them.
            cacheRoom.addAndGet(bytes);
        } catch (IOException | RuntimeException failure) {
            cacheRoom.addAndGet(bytes);
            in.close();
            throw failure;
        }
        if (cached == null) {
            stream = in;
            state = State.DIRECT;
        } else {
            in.close();
            state = State.CACHED;
        }
    }

    private boolean reserve() {
        if (bytes > Integer.MAX_VALUE - Long.BYTES) {
            return false;
        }
        long before = cacheRoom.getAndUpdate(room -> room >= bytes ? room - bytes : room);
        return before >= bytes;
    }

    /** As much of the file as there is: a record beyond its end is reported when it is read. */
    private byte[] load(FSDataInputStream in) throws IOException {
        return in.readNBytes((int) bytes);
    }

    private byte[] fromCache(int record) throws CorruptShardException {
        long end = index.offset(record) + index.length(record);
        if (end > cached.length) {
            throw shorter(record, cached.length, null);
        }
        return Arrays.copyOfRange(cached, (int) index.offset(record), (int) end);
    }

    private byte[] fromStream(int record) throws IOException {
        byte[] image = new byte[index.length(record)];
        try {
            stream.readFully(index.offset(record), image);
            return image;
        } catch (EOFException e) {
            throw shorter(record, e);
        } catch (ChecksumException e) {
            throw corrupt(record, e.getMessage(), e);
        }
    }

    private IOException shorter(int record, EOFException cause) {
        try {
            return shorter(record, fs.getFileStatus(path).getLen(), cause);
        } catch (IOException unknown) {
            unknown.addSuppressed(cause);
            return unknown;
        }
    }

    private CorruptShardException shorter(int record, long length, Exception cause) {
        return corrupt(record, "it is " + length + " bytes long (expected " + bytes + ")", cause);
    }

    private CorruptShardException corrupt(int record, String finding, Exception cause) {
        return new CorruptShardException("Cannot read " + place(record) + ": " + finding, cause);
    }

    @Override
    public synchronized void close() throws IOException {
        state = State.CLOSED;
        if (stream != null) {
            stream.close();
        }
    }
}
