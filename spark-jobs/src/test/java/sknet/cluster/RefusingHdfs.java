package sknet.cluster;

import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** Refuses to rename checkpoints' temporary files. */
public final class RefusingHdfs extends FaultyHdfs {

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return !takesFault(from) && super.rename(from, to);
    }
}
