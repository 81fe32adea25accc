package sknet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import sknet.kernel.KernelCall;

/** Adds up the time of the kernels' calls while it is open. */
final class KernelProfile implements AutoCloseable {
    private final Recording recording = new Recording();

    KernelProfile() {
        recording.enable(KernelCall.class).withoutThreshold();
        recording.start();
    }

    /**
     * What the kernels took, longest first. It should be open for a while before: starting a recording takes its time.
     *
     * @param since to count from
     * @param steps to divide by
     */
    List<BenchmarkResult.Share> shares(Instant since, int steps) throws IOException {
        recording.stop();
        Path file = Files.createTempFile("sknet-profile", ".jfr");
        try {
            recording.dump(file);
            Map<String, double[]> sums = new TreeMap<>();
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                if (event.getEventType().getName().equals(KernelCall.NAME) && !event.getStartTime().isBefore(since)) {
                    double[] sum = sums.computeIfAbsent(event.getString("operation") + ", " + event.getString("pass"), name -> new double[2]);
                    sum[0] += event.getDuration().toNanos() / 1e6;
                    sum[1]++;
                }
            }
            List<BenchmarkResult.Share> shares = new ArrayList<>();
            sums.forEach((name, sum) -> shares.add(new BenchmarkResult.Share(name, sum[0] / steps, sum[1] / steps)));
            shares.sort(Comparator.comparingDouble(BenchmarkResult.Share::millis).reversed());
            return shares;
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
