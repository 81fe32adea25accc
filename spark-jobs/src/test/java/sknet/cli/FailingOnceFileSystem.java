package sknet.cli;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local file system, but the first time that the second shard of the validation split is opened it cannot be. */
public final class FailingOnceFileSystem extends RawLocalFileSystem {

    static final String SCHEME = "failing";
    static final AtomicInteger OPENED = new AtomicInteger();

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        if (path.toString().endsWith("/val/shard-00001.seq") && OPENED.getAndIncrement() == 0) {
            throw new IOException("no connection");
        }
        return super.open(path, bufferSize);
    }
}
