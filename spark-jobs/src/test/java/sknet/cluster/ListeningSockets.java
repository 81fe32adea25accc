package sknet.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** On which addresses processes listen for TCP, by what Linux tells of them. */
public final class ListeningSockets {
    private static final String LISTENS = "0A";

    private ListeningSockets() {
    }

    /** An address and port that a process listens on. */
    public record ListeningSocket(long pid, InetAddress address, int port) {
        /** Whether only this machine reaches it. */
        public boolean isLocal() {
            return address.isLoopbackAddress();
        }
    }

    /** Of a process; none of one that is over. */
    public static List<ListeningSocket> of(long pid) {
        List<ListeningSocket> sockets = new ArrayList<>();
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            Set<String> inodes = inodes(process.resolve("fd"));
            for (String table : List.of("net/tcp", "net/tcp6")) {
                for (String line : Files.readAllLines(process.resolve(table))) {
                    String[] columns = line.strip().split("\\s+");
                    if (columns.length > 9 && columns[3].equals(LISTENS) && inodes.contains("socket:[" + columns[9] + "]")) {
                        String[] local = columns[1].split(":");
                        sockets.add(new ListeningSocket(pid, address(local[0]), Integer.parseInt(local[1], 16)));
                    }
                }
            }
        } catch (IOException | UncheckedIOException over) {
            return List.of();
        }
        return sockets;
    }

    private static Set<String> inodes(Path descriptors) throws IOException {
        Set<String> inodes = new TreeSet<>();
        try (Stream<Path> links = Files.list(descriptors)) {
            for (Path link : links.toList()) {
                try {
                    inodes.add(Files.readSymbolicLink(link).toString());
                } catch (IOException closed) {
                    // Between the listing and now.
                }
            }
        }
        return inodes;
    }

    /** Words of 32 bits, each in the processor's order of bytes. */
    private static InetAddress address(String hexadecimal) throws IOException {
        ByteBuffer local = ByteBuffer.wrap(HexFormat.of().parseHex(hexadecimal)).order(ByteOrder.nativeOrder());
        ByteBuffer network = ByteBuffer.allocate(local.capacity());
        while (local.hasRemaining()) {
            network.putInt(local.getInt());
        }
        return InetAddress.getByAddress(network.array());
    }
}
