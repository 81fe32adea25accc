package sknet.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
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
import sknet.sync.MessageHeader;
import sknet.sync.PeerLink;

/**
 * Carries the all-reduce between executors over Spark's network layer, with Spark's own authentication and encryption: a
 * peer that does not know the application's secret is cut off by Spark's bootstrap before a byte of it is read here.
 * Listens on the executor's own address only, on a free port.
 */
final class PeerServer implements AutoCloseable {

    private final TransportContext context;
    private final TransportServer server;
    private final TransportClientFactory clients;
    private final String host;
    private final DirectAllReduce allReduce;
    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    PeerServer(DirectAllReduce allReduce) {
        this.allReduce = allReduce;
        SparkEnv environment = SparkEnv.get();
        SparkConf conf = environment.conf();
        SecurityManager security = environment.securityManager();
        TransportConf transport = SparkTransportConf$.MODULE$.fromSparkConf(conf, "sknet", 1, Option.empty());
        this.context = new TransportContext(transport, new Receiver());
        List<TransportServerBootstrap> serverBootstraps = new ArrayList<>();
        List<TransportClientBootstrap> clientBootstraps = new ArrayList<>();
        if (security.isAuthenticationEnabled()) {
            serverBootstraps.add(new AuthServerBootstrap(transport, security));
            clientBootstraps.add(new AuthClientBootstrap(transport, conf.getAppId(), security));
        }
        this.host = environment.blockManager().blockManagerId().host();
        this.server = context.createServer(host, 0, serverBootstraps);
        this.clients = context.createClientFactory(clientBootstraps);
    }

    /** {@code host:port}, for the peers. */
    String address() {
        return host + ":" + server.getPort();
    }

    /** Opens the way to every rank; {@code addresses} in rank order, this rank's own among them. */
    void connect(List<String> addresses) throws IOException, InterruptedException {
        List<PeerLink> links = new ArrayList<>();
        for (int rank = 0; rank < addresses.size(); rank++) {
            links.add(rank == allReduce.rank() ? PeerServer::refuse : link(rank, addresses.get(rank)));
        }
        allReduce.connect(links);
    }

    private static CompletableFuture<Void> refuse(MessageHeader header, ByteBuffer payload) {
        throw new IllegalArgumentException("Cannot send " + header + ": it is for this rank itself");
    }

    private PeerLink link(int rank, String address) throws IOException, InterruptedException {
        int colon = address.lastIndexOf(':');
        TransportClient client = clients.createUnmanagedClient(address.substring(0, colon),
            Integer.parseInt(address.substring(colon + 1)));
        return (header, payload) -> send(client, rank, address, header, payload);
    }

    private CompletableFuture<Void> send(TransportClient client, int rank, String address, MessageHeader header,
                                         ByteBuffer payload) {
        // Spark's client takes one buffer a message; the copy lets the header travel with the payload.
        ByteBuffer message = messageBuffer(MessageHeader.BYTES + payload.remaining());
        header.writeTo(message);
        message.put(payload).flip();
        CompletableFuture<Void> done = new CompletableFuture<>();
        client.sendRpc(message, new RpcResponseCallback() {
            @Override
            public void onSuccess(ByteBuffer response) {
                free.add(message);
                done.complete(null);
            }

            @Override
            public void onFailure(Throwable e) {
                done.completeExceptionally(e);
                if (!closing) {
                    allReduce.fail(new IOException("rank " + rank + " at " + address + " is lost: " + e.getMessage(), e));
                }
            }
        });
        return done;
    }

    /** Takes a buffer that a peer has acknowledged, so that the steady state allocates none. */
    private ByteBuffer messageBuffer(int bytes) {
        ByteBuffer buffer = free.poll();
        return buffer != null && buffer.capacity() >= bytes ? buffer.clear() : ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public void close() {
        closing = true;
        clients.close();
        server.close();
        context.close();
    }

    private final class Receiver extends RpcHandler {

        private final StreamManager noStreams = new OneForOneStreamManager();

        @Override
        public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
            allReduce.accept(MessageHeader.readFrom(message), message);
            callback.onSuccess(ByteBuffer.allocate(0));
        }

        /** A peer that is gone sends no more, and no answer is outstanding that would fail. */
        @Override
        public void channelInactive(TransportClient client) {
            if (!closing) {
                allReduce.fail(new IOException("the peer at " + client.getSocketAddress() + " closed its connection"));
            }
        }

        @Override
        public StreamManager getStreamManager() {
            return noStreams;
        }
    }
}
