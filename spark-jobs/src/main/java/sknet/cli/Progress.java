package sknet.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far some long work is: a bar on a terminal, a line now and then where the output goes to a file. */
final class Progress implements AutoCloseable {

    private static final Duration LINE_INTERVAL = Duration.ofSeconds(15);

    private final String task;
    private final ProgressBar bar;
    private final long startNanos = System.nanoTime();
    private long firstDone = -1;
    private long linedNanos = startNanos;

    private Progress(String task, ProgressBar bar) {
        this.task = task;
        this.bar = bar;
    }

    static Progress start(String task) {
        ProgressBar bar = Notices.areRecords() || !isTerminal() ? null
            : new ProgressBarBuilder().setTaskName(task).setInitialMax(-1).setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(500).clearDisplayOnFinish().build();
        return new Progress(task, bar);
    }

    /** Where the bar would go. Java itself says no more than whether standard input and output both are a terminal. */
    private static boolean isTerminal() {
        try {
            String errors = Path.of("/proc/self/fd/2").toRealPath().toString();
            return System.console() != null && (errors.startsWith("/dev/pts/") || errors.startsWith("/dev/tty") || errors.equals("/dev/console"));
        } catch (IOException e) {
            // Standard error is closed, or a pipe: it has no name.
            return false;
        }
    }

    /** @param message goes behind the bar */
    synchronized void update(long done, long total, String message) {
        if (firstDone < 0) {
            firstDone = done;
        }
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
            bar.setExtraMessage(" " + message);
            return;
        }
        long now = System.nanoTime();
        if (now - linedNanos >= LINE_INTERVAL.toNanos()) {
            linedNanos = now;
            Notices.tell(String.format(Locale.ROOT, "%s: %,d of %,d  %s%s", task, done, total, message, timeLeft(done, total, now)));
        }
    }

    private String timeLeft(long done, long total, long now) {
        if (done <= firstDone) {
            return "";
        }
        long seconds = (long) ((now - startNanos) / 1e9 * (total - done) / (done - firstDone));
        return String.format(Locale.ROOT, "  %d:%02d left", seconds / 60, seconds % 60);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
