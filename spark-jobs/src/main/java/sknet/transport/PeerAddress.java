package sknet.transport;

import java.util.Optional;

/**
 * Where a replica is reached.
 *
 * @param inbox where its memory is, for peers on its host; none if it shares none
 */
record PeerAddress(String host, int port, Optional<String> inbox) {
    private static final String SEPARATOR = "|";

    /** @throws IllegalArgumentException if it is none */
    static PeerAddress parse(String text) {
        int bar = text.indexOf(SEPARATOR);
        String server = bar < 0 ? text : text.substring(0, bar);
        int colon = server.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("Cannot read the address '" + text + "' of a replica (expected host:port)");
        }
        return new PeerAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)),
            bar < 0 ? Optional.empty() : Optional.of(text.substring(bar + 1)));
    }

    String encoded() {
        return server() + inbox.map(SEPARATOR::concat).orElse("");
    }

    String server() {
        return host + ":" + port;
    }
}
