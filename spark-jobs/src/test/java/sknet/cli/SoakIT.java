package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.cluster.Job;

/**
 * Executors killed at random moments of one run: 5, or as many as {@code -Dsknet.soak.kills} says; {@code -Dsknet.soak.seed} repeats a
 * test.
 */
class SoakIT {

    private static final int KILLS = Integer.getInteger("sknet.soak.kills", 5);
    private static final long SEED = Long.getLong("sknet.soak.seed", System.currentTimeMillis());
    /** Steps between two kills, and of a step the time. */
    private static final int MOST_STEPS = 6;
    private static final int MOST_MILLIS = 500;
    private static final int EPOCHS_A_KILL = 2;

    @TempDir
    private Path directory;

    @Test
    void aRunWhoseExecutorsAreKilledAgainAndAgainEndsWithTheSameBits() throws Exception {
        System.out.printf("soak: %d kills, seed %d%n", KILLS, SEED);
        Random random = new Random(SEED);
        try (TrainingCluster cluster = TrainingCluster.start(directory, 1 + EPOCHS_A_KILL * KILLS)) {
            Job job = cluster.train("soak", List.of(), "train.keep-checkpoints=3");
            for (int kill = 1; kill <= KILLS; kill++) {
                cluster.awaitStep(job, "soak", Math.max(0, cluster.newestStep("soak")) + 1 + random.nextInt(MOST_STEPS));
                Thread.sleep(random.nextInt(MOST_MILLIS));
                List<ProcessHandle> executors = cluster.spark().executors();
                long fault = System.nanoTime();
                ProcessHandle victim = executors.get(random.nextInt(executors.size()));
                assertEquals(0, new ProcessBuilder("kill", "-KILL", Long.toString(victim.pid())).start().waitFor());
                System.out.printf("soak: kill %d of %d, recovered in %.1f s%n", kill, KILLS, cluster.secondsToRestart(job, "soak", kill, fault));
            }
            cluster.assertEndsWithTheSameBits(job, "soak", KILLS);
            System.out.printf("soak: %d kills, bits equal%n", KILLS);
        }
    }
}
