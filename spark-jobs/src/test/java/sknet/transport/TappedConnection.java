package sknet.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands between a client and a server: keeps what the client sends, and cuts the connection after so many bytes of it. */
final class TappedConnection implements AutoCloseable {
    private final ServerSocket socket;
    private final PeerAddress target;
    private final int cutAfter;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    TappedConnection(String target, int cutAfter) throws IOException {
        this.socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        this.target = PeerAddress.parse(target);
        this.cutAfter = cutAfter;
        start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** What the client has sent so far. */
    synchronized byte[] sent() {
        return sent.toByteArray();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tapped-connection");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try (Socket client = socket.accept(); Socket server = new Socket(target.host(), target.port())) {
            start(() -> copyBack(server, client));
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            byte[] buffer = new byte[1 << 12];
            int forwarded = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                int kept = Math.min(count, cutAfter - forwarded);
                out.write(buffer, 0, kept);
                out.flush();
                synchronized (this) {
                    sent.write(buffer, 0, kept);
                }
                forwarded += kept;
                if (forwarded == cutAfter) {
                    return;
                }
            }
        } catch (IOException e) {
            // The connection is over; what the ends make of it is what a test looks at.
        }
    }

    private static void copyBack(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
