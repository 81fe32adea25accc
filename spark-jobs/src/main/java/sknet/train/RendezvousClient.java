package sknet.train;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.util.RpcUtils;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag;
import sknet.train.Rendezvous.Subject;

/** A replica's side of the {@link Rendezvous}. */
public final class RendezvousClient {

    private static final ClassTag<String> STRING = scala.reflect.ClassTag$.MODULE$.apply(String.class);

    private static final RpcTimeout WHOLE_RUN = new RpcTimeout(new FiniteDuration(365, TimeUnit.DAYS), "none");

    private final long attempt;
    private final int rank;
    private final RpcTimeout timeout;
    private final RpcEndpointRef driver;

    public RendezvousClient(long attempt, int rank, Duration timeout) {
        this.attempt = attempt;
        this.rank = rank;
        this.timeout = new RpcTimeout(new FiniteDuration(timeout.toSeconds(), TimeUnit.SECONDS), "train.sync-timeout");
        this.driver = RpcUtils.makeDriverRef(Rendezvous.name(attempt), SparkEnv.get().conf(), SparkEnv.get().rpcEnv());
    }

    /** Says {@code value} to {@code key}, waits until every rank has spoken, and returns what they said, in rank order. */
    public List<String> allGather(String key, String value) {
        return ask(Subject.ANYTHING, key, value);
    }

    /** Tells the driver where this replica computes, and waits until every rank has. */
    void tellPlace(Place place) {
        ask(Subject.PLACE, "place", Rendezvous.write(place));
    }

    /** Waits until every rank has shown the hash of its parameters; fails, and ends the run, if they are not the same. */
    void compareParameters(long step, String hash) {
        ask(Subject.PARAMETERS, Long.toString(step), hash);
    }

    /** Tells the driver that another attempt would be of no use; it knows when this returns. */
    void endRun(String reason) {
        ask(Subject.END, "", reason);
    }

    /** Asks to be told when the run is to stop early. */
    BooleanSupplier stopWish() {
        String message = Rendezvous.write(new Rendezvous.Contribution(attempt, rank, Subject.STOP_WISH, "", ""));
        Future<String> told = driver.ask(message, WHOLE_RUN, STRING);
        // A driver that is lost tells nothing; other things notice.
        return () -> told.isCompleted() && told.value().get().isSuccess()
            && List.of(Rendezvous.parse(told.value().get().get(), String[].class)).contains(Rendezvous.STOP);
    }

    private List<String> ask(Subject subject, String key, String value) {
        String message = Rendezvous.write(new Rendezvous.Contribution(attempt, rank, subject, key, value));
        return List.of(Rendezvous.parse(driver.askSync(message, timeout, STRING), String[].class));
    }

    void report(ReplicaProgress progress) {
        driver.send(Rendezvous.write(progress));
    }
}
