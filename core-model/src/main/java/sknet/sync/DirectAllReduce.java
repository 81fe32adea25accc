package sknet.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ExchangeKernel;
import sknet.kernel.KernelProvider;
import sknet.sync.MessageHeader.Phase;

/**
 * All-reduce by direct exchange: the vector is cut into buckets, and of each bucket a rank owns one range. It gets the others' parts of
 * it (reduce-scatter), adds them in rank order by {@link PairwiseSum}'s tree, and sends the sum to everybody (all-gather). Each rank sends and
 * receives 2 (N-1)/N of the vector, as a ring does, in 2 hops instead of 2 (N-1); and because the owner has all parts at
 * once, the order of summation is ours to choose, which a ring's is not. Buckets go their way one by one, as they become ready: while one
 * is added up, others travel.
 *
 * <p>Incoming bytes always have a place: a part goes to its sender's place in the inbox, a finished range straight to where the vector is sent from.
 * Neither can arrive before its place is free, whatever the network does. A peer sends parts of the next sum only
 * after it has this rank's finished ranges of the present one, which this rank sends after it has read the inbox; and
 * it sends a finished range only after it has this rank's part of it.
 */
public final class DirectAllReduce implements AllReduce {

    /** Of a bucket among few ranks: so large that a message costs little beside its bytes, so small that there are many to overlap. */
    private static final int BUCKET_FLOATS = 1 << 20;
    /** Of a rank's range, which it does not fall below where there are many ranks, for the same reason. */
    private static final int RANGE_FLOATS = 1 << 14;

    private final int rank;
    private final Partition buckets;
    private final int ranks;
    private final Duration timeout;
    private final INDArray vector;
    private final boolean onHost = Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
    private final Wire wire;
    private final InboxLayout layout;
    private final Optional<SharedMemory> sharedInbox;
    private final BytePointer privateInbox;
    private final ByteBuffer inbox;
    private final List<PeerLink> links = new ArrayList<>();

    /** Guards what follows. */
    private final Object lock = new Object();
    /** By bucket: parts of this rank's range that are not there, its own included. */
    private final int[] missingParts;
    /** By rank: messages that have arrived, of all steps. */
    private final long[] arrivedFrom;
    /** Ranges of all ranks that hold their sums, of all steps. */
    private long finishedRanges;
    private int unsent;
    private int wordOfFirst;
    private IOException failure;

    private volatile long step;
    private volatile int word;
    /** Buckets from this one on are posted. */
    private int posted;

    /**
     * An exchange in buckets of {@value #BUCKET_FLOATS} elements, or {@value #RANGE_FLOATS} for each rank where that is more.
     *
     * @param vector  float32, contiguous; its memory is read and written for as long as this object lives
     * @param timeout the longest wait for the peers in one sum
     * @param sharing whether peers on this host may put their messages into this rank's memory themselves; where the system has none to share, they cannot
     */
    public DirectAllReduce(int rank, int ranks, INDArray vector, WireType type, Duration timeout, boolean sharing) {
        this(rank, ranks, vector, type, timeout, sharing, Math.max(BUCKET_FLOATS, Math.multiplyExact(ranks, RANGE_FLOATS)));
    }

    DirectAllReduce(int rank, int ranks, INDArray vector, WireType type, Duration timeout, boolean sharing, int bucketFloats) {
        if (vector.dataType() != DataType.FLOAT || vector.isView()) {
            throw new IllegalArgumentException("Cannot all-reduce: the vector is " + vector.dataType()
                + (vector.isView() ? ", a view" : "") + " (expected a whole FLOAT array)");
        }
        int length = Math.toIntExact(vector.length());
        this.rank = rank;
        this.ranks = ranks;
        this.buckets = new Partition(0, length, Math.max(1, -Math.floorDiv(-length, bucketFloats)));
        this.timeout = timeout;
        this.vector = vector;
        ByteBuffer bytes = vector.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder());
        ExchangeKernel kernel = KernelProvider.kernels().exchange();
        this.wire = switch (type) {
            case FP32 -> new FloatWire(bytes, kernel);
            case BF16 -> new HalfWire(bytes, ranks, kernel);
        };
        this.layout = new InboxLayout(buckets, ranks, rank, wire.width());
        this.sharedInbox = sharing && ranks > 1 ? SharedMemory.create(layout.bytes()) : Optional.empty();
        this.privateInbox = new BytePointer(sharedInbox.isPresent() ? 1 : Math.max(1, layout.partBytes()));
        this.inbox = sharedInbox.map(SharedMemory::bytes).orElseGet(() -> privateInbox.asByteBuffer().order(ByteOrder.nativeOrder()));
        this.missingParts = new int[buckets.parts()];
        Arrays.fill(missingParts, ranks);
        this.arrivedFrom = new long[ranks];
        this.posted = buckets.parts();
    }

    /** Names the way to each rank, in rank order; the entry of this rank itself is not used. */
    public void connect(List<PeerLink> peers) {
        if (peers.size() != ranks) {
            throw new IllegalArgumentException("Cannot connect: " + peers.size() + " peers (expected " + ranks + ")");
        }
        links.addAll(peers);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int ranks() {
        return ranks;
    }

    /** Of one bucket, a range for each rank. */
    private Partition ranges(int bucket) {
        return buckets.cut(bucket, ranks);
    }

    /** The first bucket is left for {@link #finish}: it carries the word. On a GPU all are, for the host's copy is made at once. */
    @Override
    public void ready(long start) {
        while (ranks > 1 && onHost && posted > 1 && buckets.start(posted - 1) >= start) {
            postNext();
        }
    }

    @Override
    public int finish(int newWord) throws IOException, InterruptedException {
        if (ranks == 1) {
            return newWord;
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        Nd4j.getAffinityManager().ensureLocation(vector, Location.HOST);
        word = newWord;
        while (posted > 0) {
            postNext();
        }
        await(deadline);
        Nd4j.getAffinityManager().tagLocation(vector, Location.HOST);
        posted = buckets.parts();
        synchronized (lock) {
            step++;
            return rank == 0 ? newWord : wordOfFirst;
        }
    }

    private void postNext() {
        int bucket = --posted;
        Partition ranges = ranges(bucket);
        for (int hop = 1; hop < ranks; hop++) {
            int peer = (rank + hop) % ranks;
            send(peer, Phase.SCATTER, bucket, wire.part(ranges.start(peer), ranges.end(peer)));
        }
        partIsThere(bucket);
    }

    private void send(int peer, Phase phase, int bucket, ByteBuffer payload) {
        synchronized (lock) {
            unsent++;
        }
        links.get(peer).send(new MessageHeader(step, phase, bucket, word, payload.remaining()), payload).whenComplete((done, failed) -> {
            synchronized (lock) {
                unsent--;
                lock.notifyAll();
            }
            if (failed != null) {
                fail(new IOException("rank " + peer + " did not take its data: " + failed.getMessage(), failed));
            }
        });
    }

    private void partIsThere(int bucket) {
        synchronized (lock) {
            if (--missingParts[bucket] > 0) {
                return;
            }
            missingParts[bucket] = ranks;
        }
        Partition ranges = ranges(bucket);
        ByteBuffer[] parts = new ByteBuffer[ranks];
        for (int peer = 0; peer < ranks; peer++) {
            parts[peer] = layout.part(inbox, peer, bucket);
        }
        ByteBuffer sum = wire.reduce(ranges.start(rank), ranges.end(rank), rank, parts);
        for (int hop = 1; hop < ranks; hop++) {
            send((rank + hop) % ranks, Phase.GATHER, bucket, sum.duplicate());
        }
        rangeIsFinished();
    }

    private void rangeIsFinished() {
        synchronized (lock) {
            finishedRanges++;
            lock.notifyAll();
        }
    }

    /**
     * The memory that a message's payload shall be put into. Called by the transport's threads.
     *
     * @param from the sender's rank
     * @throws IllegalArgumentException if no such message is due
     */
    public ByteBuffer place(int from, MessageHeader header) {
        // A peer may have finished the present sum, and begun the next, before this rank has.
        // The step is read once: it may go on meanwhile, and what was early be due.
        long ahead = header.step() - step;
        boolean due = ahead == 0 || header.phase() == Phase.SCATTER && ahead == 1;
        if (!due || from < 0 || from >= ranks || from == rank || header.bucket() < 0 || header.bucket() >= buckets.parts()) {
            throw refused(from, header);
        }
        ByteBuffer place;
        if (header.phase() == Phase.SCATTER) {
            place = layout.part(inbox, from, header.bucket());
        } else {
            Partition ranges = ranges(header.bucket());
            place = wire.place(ranges.start(from), ranges.end(from));
        }
        if (place.remaining() != header.bytes()) {
            throw refused(from, header);
        }
        return place;
    }

    /**
     * Puts a message's payload, which its sender has left in this rank's shared inbox, into its place. Called by the transport's threads.
     *
     * @throws IllegalArgumentException if no such message is due
     */
    public void collect(int from, MessageHeader header) {
        ByteBuffer place = place(from, header);
        if (header.phase() == Phase.GATHER) {
            place.put(layout.sum(inbox, from, header.bucket()));
        }
    }

    /** This rank's inbox, if peers on this host may reach it; close it when all who want to have opened it, or the exchange is over. */
    public Optional<SharedMemory> sharedInbox() {
        return sharedInbox;
    }

    /**
     * The inbox of a peer on this host.
     *
     * @param memory the peer's {@link #sharedInbox}
     * @throws IllegalArgumentException if it is not the size that such an inbox has
     */
    public PeerInbox inboxOf(int peer, ByteBuffer memory) {
        InboxLayout ofPeer = new InboxLayout(buckets, ranks, peer, wire.width());
        if (memory.capacity() != ofPeer.bytes()) {
            throw new IllegalArgumentException("Cannot share memory with rank " + peer + ": it has " + memory.capacity() + " bytes (expected " + ofPeer.bytes()
                + ")");
        }
        return new PeerInbox(ofPeer, rank, memory);
    }

    private IllegalArgumentException refused(int from, MessageHeader header) {
        return new IllegalArgumentException("Cannot accept " + header + " of rank " + from + " on rank " + rank + " of " + ranks + " (expected step " + step
            + ", a bucket below " + buckets.parts() + " and its size)");
    }

    /** Takes a message whose payload is in its place. Called by the transport's threads. */
    public void arrived(int from, MessageHeader header) {
        synchronized (lock) {
            arrivedFrom[from]++;
            if (from == 0 && header.bucket() == 0 && header.phase() == Phase.GATHER) {
                wordOfFirst = header.word();
            }
        }
        if (header.phase() == Phase.SCATTER) {
            partIsThere(header.bucket());
        } else {
            Partition ranges = ranges(header.bucket());
            wire.take(ranges.start(from), ranges.end(from));
            rangeIsFinished();
        }
    }

    /** Ends every present and later {@link #finish} with the cause given: a peer is lost. */
    public void fail(IOException cause) {
        synchronized (lock) {
            if (failure == null) {
                failure = cause;
            }
            lock.notifyAll();
        }
    }

    private void await(long deadline) throws IOException, InterruptedException {
        synchronized (lock) {
            while (failure == null && (finishedRanges < (step + 1) * ranks * buckets.parts() || unsent > 0)) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new IOException("Cannot all-reduce step " + step + " on rank " + rank + ": in " + timeout.toSeconds() + " s not all arrived from "
                        + silent());
                }
                lock.wait(millis);
            }
            if (failure != null) {
                throw new IOException("Cannot all-reduce step " + step + " on rank " + rank + ": " + failure.getMessage(), failure);
            }
        }
    }

    /** Who keeps this rank waiting: of each peer two messages a bucket are due. */
    private String silent() {
        List<String> silent = new ArrayList<>();
        long due = 2L * buckets.parts();
        for (int peer = 0; peer < ranks; peer++) {
            long arrived = arrivedFrom[peer] - step * due;
            if (peer != rank && arrived < due) {
                silent.add("rank " + peer + " (" + arrived + " of " + due + " messages)");
            }
        }
        return String.join(", ", silent);
    }
}
