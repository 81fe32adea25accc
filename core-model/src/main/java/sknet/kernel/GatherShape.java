package sknet.kernel;

import java.util.List;

/**
 * Maps whose channels are those of other maps of the same size.
 *
 * @param inputs {@code [N, C, H, W]} each, alike but for the channels
 * @param output its channels come from the inputs, each from one
 * @param runs   which from where; no channel of an input is in two of them
 */
public record GatherShape(List<ChannelShape> inputs, ChannelShape output, List<ChannelRun> runs) {

    /** Copies the lists. */
    public GatherShape {
        inputs = List.copyOf(inputs);
        runs = List.copyOf(runs);
    }

    /** Whether some channels of an input are in no run: their gradient is 0. */
    public boolean drops(int input) {
        return runs.stream().filter(run -> run.input() == input).mapToInt(ChannelRun::count).sum() < inputs.get(input).channels();
    }
}
