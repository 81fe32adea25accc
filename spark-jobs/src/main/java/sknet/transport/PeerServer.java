package sknet.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.netty.SparkTransportConf$;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import scala.Option;
import sknet.sync.DirectAllReduce;
import sknet.sync.PeerInbox;
import sknet.sync.PeerLink;
import sknet.sync.SharedMemory;

/**
 * Carries the all-reduce between executors on connections that Spark's network layer opens, with Spark's own authentication and encryption: a
 * peer that does not know the application's secret is cut off by Spark's bootstrap before a byte of it is read here.
 * Listens on the executor's own address only, on a free port.
 *
 * <p>Spark's messages would copy every payload and wait for answers. So they serve for the first one alone, in which a peer says who it is; from then
 * on the connection carries nothing but our own frames, which enter Netty's pipeline behind Spark's cipher and before its messages.
 *
 * <p>Peers on one host put their payloads into one another's memory, if it is shared, and only headers go by the connection.
 */
public final class PeerServer implements AutoCloseable {
    private static final String MODULE = "sknet";

    private final TransportContext context;
    private final TransportServer server;
    private final TransportClientFactory clients;
    private final String host;
    private final long attempt;
    private final DirectAllReduce allReduce;
    private final long timeoutMillis;
    private volatile boolean closing;

    /**
     * Listens from now on.
     *
     * @param attempt number of the run's attempt; peers of another are refused
     * @param threads for either direction
     */
    public PeerServer(long attempt, DirectAllReduce allReduce, int threads) {
        this.attempt = attempt;
        this.allReduce = allReduce;
        SparkEnv environment = SparkEnv.get();
        SparkConf conf = environment.conf();
        SecurityManager security = environment.securityManager();
        TransportConf transport = SparkTransportConf$.MODULE$.fromSparkConf(conf, MODULE, threads, Option.empty());
        this.timeoutMillis = transport.connectionTimeoutMs();
        this.context = new TransportContext(transport, new Receptionist());
        List<TransportServerBootstrap> serverBootstraps = new ArrayList<>();
        serverBootstraps.add((channel, handler) -> {
            ReadPlaces.prepare(channel);
            return handler;
        });
        List<TransportClientBootstrap> clientBootstraps = new ArrayList<>();
        if (security.isAuthenticationEnabled()) {
            serverBootstraps.add(new AuthServerBootstrap(transport, security));
            clientBootstraps.add(new AuthClientBootstrap(transport, conf.getAppId(), security));
        }
        this.host = environment.blockManager().blockManagerId().host();
        this.server = context.createServer(host, 0, serverBootstraps);
        this.clients = context.createClientFactory(clientBootstraps);
    }

    /** Whether Spark's settings ask for encrypted traffic: then gradients go by the connection even to a peer on this host. */
    public static boolean encrypts() {
        return SparkEnv.get().securityManager().isEncryptionEnabled();
    }

    /** For the peers' {@link #connect}. */
    public String address() {
        return new PeerAddress(host, server.getPort(), allReduce.sharedInbox().map(SharedMemory::location)).encoded();
    }

    /**
     * Opens the way to every rank.
     *
     * @param addresses {@link #address} of each in rank order, this rank's own among them
     * @return for {@link DirectAllReduce#connect}
     */
    public List<PeerLink> connect(List<String> addresses) throws IOException, InterruptedException {
        List<PeerLink> links = new ArrayList<>();
        for (int rank = 0; rank < addresses.size(); rank++) {
            links.add(rank == allReduce.rank() ? PeerServer::refuse : link(rank, PeerAddress.parse(addresses.get(rank))));
        }
        return links;
    }

    private static CompletableFuture<Void> refuse(Object header, ByteBuffer payload) {
        throw new IllegalArgumentException("Cannot send " + header + ": it is for this rank itself");
    }

    private PeerLink link(int rank, PeerAddress address) throws IOException, InterruptedException {
        TransportClient client = clients.createUnmanagedClient(address.host(), address.port());
        Optional<PeerInbox> inbox = address.inbox().flatMap(SharedMemory::open).map(memory -> allReduce.inboxOf(rank, memory));
        // Answered: so the peer's end of the connection is ready for frames.
        client.sendRpcSync(new Introduction(attempt, allReduce.rank(), inbox.isPresent()).encoded(), timeoutMillis);
        FrameSender sender = new FrameSender(client.getChannel(), inbox,
            () -> lost("rank " + rank + " at " + address.server() + " closed its connection"));
        try {
            behindCipher(client.getChannel(), sender);
        } catch (NoSuchElementException closed) {
            throw new IOException("rank " + rank + " at " + address.server() + " closed its connection", closed);
        }
        return sender;
    }

    private static void behindCipher(Channel channel, ChannelHandler handler) {
        channel.pipeline().addBefore("encoder", MODULE, handler);
    }

    private void lost(String what) {
        if (!closing) {
            allReduce.fail(new IOException(what));
        }
    }

    @Override
    public void close() {
        closing = true;
        clients.close();
        server.close();
        context.close();
        allReduce.sharedInbox().ifPresent(SharedMemory::close);
    }

    /** Takes each peer's introduction and hands its connection over to a {@link FrameReceiver}. */
    private final class Receptionist extends RpcHandler {
        private final StreamManager noStreams = new OneForOneStreamManager();

        @Override
        public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
            Introduction peer = Introduction.decode(message);
            if (peer.attempt() != attempt || peer.rank() < 0 || peer.rank() >= allReduce.ranks() || peer.rank() == allReduce.rank()) {
                callback.onFailure(new IllegalArgumentException("Cannot connect " + peer + " to rank " + allReduce.rank() + " of " + allReduce.ranks()
                    + " (expected attempt " + attempt + ")"));
                return;
            }
            behindCipher(client.getChannel(), new FrameReceiver(peer, allReduce,
                () -> lost("rank " + peer.rank() + " at " + client.getSocketAddress() + " closed its connection")));
            callback.onSuccess(ByteBuffer.allocate(0));
        }

        @Override
        public StreamManager getStreamManager() {
            return noStreams;
        }
    }
}
