package sknet.data.prepare;

/** Told from time to time, on the thread that called, how far a job has come. */
@FunctionalInterface
public interface PrepareProgress {
    /** Tells nobody. */
    PrepareProgress NONE = (done, total) -> { };

    /**
     * @param done  files read so far; a bar's length, exact only at the end
     * @param total files to read
     */
    void update(long done, long total);
}
