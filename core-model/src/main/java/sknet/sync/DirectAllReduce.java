package sknet.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sknet.sync.MessageHeader.Phase;

/**
 * All-reduce by direct exchange: each rank owns one range of the vector, gets the others' parts of it (reduce-scatter), adds
 * them in rank order by {@link PairwiseSum}'s tree, and sends the sum to everybody (all-gather). Each rank sends and
 * receives 2 (N-1)/N of the vector, as a ring does, in 2 hops instead of 2 (N-1); and because the owner has all parts at
 * once, the order of summation is ours to choose, which a ring's is not.
 *
 * <p>Incoming bytes always have a place: a part goes to the staging row of its sender, a finished range straight into the
 * vector. Neither can arrive before its place is free, whatever the network does. A peer sends parts of the next sum only
 * after it has this rank's finished range of the present one, which this rank sends after it has read the staging rows; and
 * it sends a finished range only after it has this rank's part of it.
 */
public final class DirectAllReduce implements AllReduce {

    private static final int MESSAGE_FLOATS = 1 << 20;

    private final long attempt;
    private final int rank;
    private final Partition partition;
    private final Duration timeout;
    private final INDArray vector;
    private final ByteBuffer vectorBytes;
    private final INDArray staging;
    private final ByteBuffer stagingBytes;
    private final List<PeerLink> links = new ArrayList<>();

    private final Object arrivals = new Object();
    private final Map<Phase, Long> arrived = new EnumMap<>(Map.of(Phase.SCATTER, 0L, Phase.GATHER, 0L));
    private IOException failure;
    private long step;

    /**
     * @param attempt the number of the run's attempt; messages of another are refused
     * @param vector  float32, contiguous; its memory is read and written for as long as this object lives
     * @param timeout the longest wait for the peers in one sum
     */
    public DirectAllReduce(long attempt, int rank, int ranks, INDArray vector, Duration timeout) {
        if (vector.dataType() != DataType.FLOAT || vector.isView()) {
            throw new IllegalArgumentException("Cannot all-reduce: the vector is " + vector.dataType()
                + (vector.isView() ? ", a view" : "") + " (expected a whole FLOAT array)");
        }
        this.attempt = attempt;
        this.rank = rank;
        this.partition = new Partition(Math.toIntExact(vector.length()), ranks);
        this.timeout = timeout;
        this.vector = vector.reshape(vector.length());
        this.vectorBytes = bytesOf(vector);
        this.staging = Nd4j.createUninitializedDetached(DataType.FLOAT, ranks, Math.max(1, partition.size(rank)));
        this.stagingBytes = bytesOf(staging);
    }

    /** Names the way to each rank, in rank order; the entry of this rank itself is not used. */
    public void connect(List<PeerLink> peers) {
        if (peers.size() != ranks()) {
            throw new IllegalArgumentException("Cannot connect: " + peers.size() + " peers (expected " + ranks() + ")");
        }
        links.addAll(peers);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int ranks() {
        return partition.ranks();
    }

    @Override
    public void sum() throws IOException, InterruptedException {
        if (ranks() == 1) {
            return;
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        Nd4j.getAffinityManager().ensureLocation(vector, Location.HOST);
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int hop = 1; hop < ranks(); hop++) {
            int peer = (rank + hop) % ranks();
            sendRange(peer, Phase.SCATTER, peer, sent);
        }
        await(Phase.SCATTER, (step + 1) * (ranks() - 1) * partition.size(rank), deadline);
        addOwnRange();
        for (int hop = 1; hop < ranks(); hop++) {
            sendRange((rank + hop) % ranks(), Phase.GATHER, rank, sent);
        }
        await(Phase.GATHER, (step + 1) * (partition.length() - partition.size(rank)), deadline);
        awaitSent(sent, deadline);
        Nd4j.getAffinityManager().tagLocation(vector, Location.HOST);
        step++;
    }

    private void sendRange(int peer, Phase phase, int owner, List<CompletableFuture<Void>> sent) {
        int end = partition.start(owner + 1);
        for (int offset = partition.start(owner); offset < end; offset += MESSAGE_FLOATS) {
            int floats = Math.min(MESSAGE_FLOATS, end - offset);
            ByteBuffer payload = vectorBytes.slice(offset * Float.BYTES, floats * Float.BYTES);
            sent.add(links.get(peer).send(new MessageHeader(attempt, step, phase, rank, offset), payload));
        }
    }

    private void addOwnRange() {
        int size = partition.size(rank);
        if (size == 0) {
            return;
        }
        INDArray own = vector.get(NDArrayIndex.interval(partition.start(rank), partition.start(rank) + size));
        List<INDArray> parts = new ArrayList<>();
        for (int peer = 0; peer < ranks(); peer++) {
            parts.add(peer == rank ? own : staging.getRow(peer));
        }
        // The host buffer was written behind ND4J's back.
        Nd4j.getAffinityManager().tagLocation(staging, Location.HOST);
        INDArray sum = PairwiseSum.inPlace(parts);
        if (sum != own) {
            own.assign(sum);
        }
        Nd4j.getAffinityManager().ensureLocation(vector, Location.HOST);
    }

    /**
     * Takes a message from a peer: copies the payload to its place. Called by the transport's threads.
     *
     * @throws IllegalArgumentException if the message is not one of this attempt, or does not fit the vector
     */
    public void accept(MessageHeader header, ByteBuffer payload) {
        int floats = payload.remaining() / Float.BYTES;
        int owner = header.phase() == Phase.SCATTER ? rank : header.from();
        if (header.attempt() != attempt || header.from() < 0 || header.from() >= ranks() || header.from() == rank
            || payload.remaining() % Float.BYTES != 0 || header.offset() < partition.start(owner)
            || header.offset() > partition.start(owner + 1) - floats) {
            throw new IllegalArgumentException("Cannot accept message " + header + " of " + payload.remaining()
                + " bytes (expected attempt " + attempt + ", a peer of rank " + rank + " of " + ranks() + " and a range of rank "
                + owner + ")");
        }
        if (header.phase() == Phase.GATHER) {
            vectorBytes.duplicate().position(header.offset() * Float.BYTES).put(payload);
        } else {
            long row = (long) header.from() * staging.size(1) + header.offset() - partition.start(rank);
            stagingBytes.duplicate().position(Math.toIntExact(row * Float.BYTES)).put(payload);
        }
        synchronized (arrivals) {
            arrived.merge(header.phase(), (long) floats, Long::sum);
            arrivals.notifyAll();
        }
    }

    /** Ends every present and later {@link #sum} with the cause given: a peer is lost. */
    public void fail(IOException cause) {
        synchronized (arrivals) {
            if (failure == null) {
                failure = cause;
            }
            arrivals.notifyAll();
        }
    }

    private void await(Phase phase, long floats, long deadline) throws IOException, InterruptedException {
        synchronized (arrivals) {
            while (failure == null && arrived.get(phase) < floats) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new IOException("Cannot all-reduce step " + step + " on rank " + rank + ": in " + timeout.toSeconds()
                        + " s only " + arrived.get(phase) + " of " + floats + " floats arrived (phase " + phase + ")");
                }
                arrivals.wait(millis);
            }
            if (failure != null) {
                throw new IOException("Cannot all-reduce step " + step + " on rank " + rank + ": " + failure.getMessage(), failure);
            }
        }
    }

    private void awaitSent(List<CompletableFuture<Void>> sent, long deadline) throws IOException, InterruptedException {
        try {
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Cannot all-reduce step " + step + " on rank " + rank + ": a peer did not take its data", e);
        }
    }

    private static ByteBuffer bytesOf(INDArray array) {
        return array.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
