package sknet.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server in a JVM of its own, on a leash: a shell beside it kills it when this JVM ends, however it does, for then the pipe to the
 * shell's input is closed.
 */
final class ServerProcess implements AutoCloseable {

    private static final String LEASH = "\"$@\" & server=$!; read -r end; kill -KILL $server";

    private final String name;
    private final Process leash;
    private final ProcessHandle server;
    private final Path log;

    private ServerProcess(String name, Process leash, ProcessHandle server, Path log) {
        this.name = name;
        this.leash = leash;
        this.server = server;
        this.log = log;
    }

    /**
     * Starts a main class.
     *
     * @param log what it prints, appended
     */
    static ServerProcess start(String name, List<String> options, String classPath, Map<String, String> environment, Path log, String... main)
        throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", LEASH, "leash", java()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        command.addAll(List.of(main));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process leash = builder.start();
        await(name + " to start", () -> leash.children().findAny().isPresent());
        return new ServerProcess(name, leash, leash.children().findAny().orElseThrow(), log);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A port on 127.0.0.1 that is free now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Waited 120 s for " + what);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for " + what, e);
            }
        }
    }

    /** Waits until its log says so. */
    void awaitLog(String text) {
        await(name + " to say '" + text + "': " + log, () -> {
            if (!server.isAlive()) {
                throw new IllegalStateException(name + " ended: " + tail());
            }
            return read().contains(text);
        });
    }

    private String read() {
        try (InputStream in = Files.newInputStream(log)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private String tail() {
        String text = read();
        return text.substring(Math.max(0, text.length() - 2000));
    }

    ProcessHandle handle() {
        return server;
    }

    /** Whether a process is alive, and not only waits for its parent to take notice of its end: then it has no command. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** Kills it and all that it started, by SIGKILL. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
        all.add(server);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> await(name + " to end", () -> !runs(process)));
        leash.destroyForcibly();
    }
}
