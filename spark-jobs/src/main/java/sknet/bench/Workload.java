package sknet.bench;

/** What is timed. */
public enum Workload {
    /** Forward pass, backward pass and the step of SGD. */
    TRAIN(3),
    /** The forward pass as in evaluation. */
    INFER(1);

    private final int passes;

    Workload(int passes) {
        this.passes = passes;
    }

    /** How often each multiply-add of the forward pass is done: once more for either gradient in training. */
    int passes() {
        return passes;
    }
}
