package sknet.data.shard;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The way to a file system that says soon, and in one line, when there is none. */
public final class Storage {
    private static final int CONNECT_RETRIES = 1;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private Storage() {
    }

    /**
     * The file system of a path, once it has answered. Hadoop itself goes on knocking for minutes; the first knock here does
     * so for seconds, on a connection of its own, and leaves the returned file system's settings as they are.
     *
     * @throws IOException if the file system is unknown or does not answer; the message names it
     */
    public static FileSystem connect(Configuration hadoop, Path path) throws IOException {
        Configuration impatient = new Configuration(hadoop);
        impatient.setInt("ipc.client.connect.max.retries", CONNECT_RETRIES);
        impatient.setInt("ipc.client.connect.max.retries.on.timeouts", CONNECT_RETRIES);
        impatient.setInt("ipc.client.connect.timeout", CONNECT_TIMEOUT_MILLIS);
        try (FileSystem probe = FileSystem.newInstance(path.toUri(), impatient)) {
            probe.getFileStatus(new Path("/"));
        } catch (FileNotFoundException answered) {
            // An object store may have no root, but it did answer.
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("Cannot reach " + address(path) + ": " + reason(e)
                    + " (expected a file system that answers)", e);
        }
        return path.getFileSystem(hadoop);
    }

    private static String address(Path path) {
        String authority = path.toUri().getAuthority();
        return authority == null ? path.toString() : path.toUri().getScheme() + "://" + authority;
    }

    /** Hadoop wraps what happened in a paragraph of advice; the innermost cause is the news. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? "" : root.getMessage().lines().findFirst().orElse("");
        return message.isEmpty() ? root.getClass().getSimpleName() : message;
    }
}
