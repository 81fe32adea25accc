package sknet.cluster;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/** Kills its own process, by SIGKILL, in the middle of writing a checkpoint's temporary file. */
public final class DyingHdfs extends FaultyHdfs {

    @Override
    public FSDataOutputStream create(Path path, boolean overwrite) throws IOException {
        FSDataOutputStream real = super.create(path, overwrite);
        return takesFault(path) ? new FSDataOutputStream(new LastWords(real), null) : real;
    }

    private static final class LastWords extends OutputStream {

        private final FSDataOutputStream real;

        LastWords(FSDataOutputStream real) {
            this.real = real;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            real.write(bytes, offset, (length + 1) / 2);
            real.hflush();
            new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start();
            while (true) {
                Thread.onSpinWait();
            }
        }
    }
}
