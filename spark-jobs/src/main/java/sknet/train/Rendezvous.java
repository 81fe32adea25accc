package sknet.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * The replicas' meeting point on the driver: an endpoint of Spark's own RPC, hence authenticated and encrypted as Spark is.
 * It knows one question, "what did every rank say to this key?", answered when all have spoken, and takes progress reports. Here the
 * replicas' hashes are compared, and here a replica says that no other attempt would do better: {@link #end}.
 *
 * <p>Spark's {@code BarrierTaskContext.allGather} does the same, but polls once a second and leaves threads that keep the
 * driver alive. Messages are JSON strings: an executor's RPC deserialises before it has loaded the application's classes.
 */
public final class Rendezvous implements ThreadSafeRpcEndpoint, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RpcEnv rpcEnv = SparkEnv.get().rpcEnv();
    private final long attempt;
    private final int ranks;
    private final Reports reports;
    private final Map<String, Meeting> meetings = new HashMap<>();
    private final AtomicReference<IOException> end = new AtomicReference<>();
    /** Guards itself and what follows: stopping is told by another thread than the endpoint's. */
    private final List<RpcCallContext> toBeTold = new ArrayList<>();
    private boolean stopped;
    private final RpcEndpointRef self;

    /**
     * @param attempt the number of this attempt at the run; messages of another are refused
     * @param reports called on a thread of Spark's RPC
     */
    public Rendezvous(long attempt, int ranks, Reports reports) {
        this.attempt = attempt;
        this.ranks = ranks;
        this.reports = reports;
        this.self = rpcEnv.setupEndpoint(name(attempt), this);
    }

    static String name(long attempt) {
        return "sknet-rendezvous-" + Long.toHexString(attempt);
    }

    /** Hears what the replicas tell the driver. */
    @FunctionalInterface
    public interface Reports {

        /** A replica has taken some steps. */
        void stepped(ReplicaProgress progress);

        /** @param places where each replica computes, in the order of ranks */
        default void placed(List<Place> places) {
        }
    }

    /** One rank's contribution. */
    record Contribution(long attempt, int rank, Subject subject, String key, String value) {
    }

    /** What a contribution is about. */
    enum Subject {
        /** The answer is what all ranks have said to the key. */
        ANYTHING,
        /** The same, for where each rank computes, which is told to the driver too. */
        PLACE,
        /** The same, for the hashes of the parameters after the step that is the key; an error when they differ. */
        PARAMETERS,
        /** The value says why the run must end; answered at once. */
        END,
        /** Answered when the run is to stop early, with {@link #STOP}, or at the end of the attempt with nothing. */
        STOP_WISH
    }

    /** That the run is to stop early. */
    static final String STOP = "stop";

    /** Why the run must end, if a replica found that it must: another attempt would be of no use. */
    Optional<IOException> end() {
        return Optional.ofNullable(end.get());
    }

    @Override
    public RpcEnv rpcEnv() {
        return rpcEnv;
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext caller) {
        return handler(message -> contribute(parse(message, Contribution.class), caller));
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receive() {
        return handler(message -> reports.stepped(parse(message, ReplicaProgress.class)));
    }

    /** Has the run stop early: the rank that asked to be told is told, now or when it asks. */
    void tellToStop() {
        synchronized (toBeTold) {
            stopped = true;
            toBeTold.forEach(caller -> caller.reply(write(List.of(STOP))));
            toBeTold.clear();
        }
    }

    private void promise(RpcCallContext caller) {
        synchronized (toBeTold) {
            if (stopped) {
                caller.reply(write(List.of(STOP)));
            } else {
                toBeTold.add(caller);
            }
        }
    }

    private void contribute(Contribution contribution, RpcCallContext caller) {
        if (contribution.attempt() != attempt || contribution.rank() < 0 || contribution.rank() >= ranks) {
            caller.sendFailure(new IOException("Cannot meet: " + contribution + " (expected attempt " + attempt
                + " and a rank below " + ranks + ")"));
            return;
        }
        if (contribution.subject() == Subject.END) {
            end.compareAndSet(null, new IOException(contribution.value()));
            caller.reply(write(List.of()));
            return;
        }
        if (contribution.subject() == Subject.STOP_WISH) {
            promise(caller);
            return;
        }
        Meeting meeting = meetings.computeIfAbsent(contribution.key(), key -> new Meeting(ranks));
        if (meeting.add(contribution, caller)) {
            meetings.remove(contribution.key());
            conclude(meeting, contribution);
        }
    }

    private void conclude(Meeting meeting, Contribution last) {
        if (last.subject() == Subject.PLACE) {
            reports.placed(Stream.of(meeting.values).map(place -> parse(place, Place.class)).toList());
        }
        try {
            if (last.subject() == Subject.PARAMETERS) {
                DivergedReplicasException.check(Long.parseLong(last.key()), List.of(meeting.values));
            }
        } catch (DivergedReplicasException e) {
            // Known here before a task can fail of it.
            end.compareAndSet(null, e);
            meeting.callers.forEach(waiting -> waiting.sendFailure(e));
            return;
        }
        String reply = write(meeting.values);
        meeting.callers.forEach(waiting -> waiting.reply(reply));
    }

    /** What was said to one key so far, and who waits for the rest. */
    private static final class Meeting {

        private final String[] values;
        private final List<RpcCallContext> callers = new ArrayList<>();

        Meeting(int ranks) {
            values = new String[ranks];
        }

        /** Whether every rank has spoken now. */
        boolean add(Contribution contribution, RpcCallContext caller) {
            values[contribution.rank()] = contribution.value();
            callers.add(caller);
            return callers.size() == values.length;
        }
    }

    @Override
    public void close() {
        synchronized (toBeTold) {
            toBeTold.forEach(caller -> caller.reply(write(List.of())));
            toBeTold.clear();
        }
        rpcEnv.stop(self);
    }

    static String write(Object message) {
        try {
            return JSON.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write message " + message, e);
        }
    }

    static <T> T parse(Object message, Class<T> type) {
        try {
            return JSON.readValue((String) message, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Cannot read message: " + message + " (expected " + type.getSimpleName() + ")", e);
        }
    }

    private static PartialFunction<Object, BoxedUnit> handler(Consumer<Object> action) {
        return new AbstractPartialFunction<>() {
            @Override
            public boolean isDefinedAt(Object message) {
                return message instanceof String;
            }

            @Override
            public BoxedUnit apply(Object message) {
                action.accept(message);
                return BoxedUnit.UNIT;
            }
        };
    }
}
