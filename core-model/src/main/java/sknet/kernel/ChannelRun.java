package sknet.kernel;

/**
 * Neighbouring channels of an input, and where they go.
 *
 * @param input  which of the inputs
 * @param first  its first channel
 * @param count  how many channels
 * @param target the output's channel that the first becomes
 * @param step   from one channel's target to the next
 */
public record ChannelRun(int input, int first, int count, int target, int step) {}
