package sknet.data.order;

import java.util.random.RandomGenerator;

/**
 * The randomness of one sample in one epoch, from which its augmentation draws.
 *
 * <p>It depends on (seed, epoch, ordinal) alone: whichever executor reads the sample, whenever, draws the same numbers.
 * The generator is SplitMix64, spelt out here because the JDK promises no fixed algorithm behind its own class.
 * Not thread safe; make one for each sample.
 */
public final class SampleRandom implements RandomGenerator {
    private long state;

    /**
     * @param seed    the run's seed
     * @param epoch   the epoch, counted from 0
     * @param ordinal the sample's number within its split
     */
    public SampleRandom(long seed, int epoch, int ordinal) {
        state = Mix.of(Mix.of(seed, epoch), ordinal);
    }

    @Override
    public long nextLong() {
        state += Mix.INCREMENT;
        return Mix.finish(state);
    }
}
