package sknet.layer;

/** Whether a layer computes the gradient with respect to its input. */
public enum InputGradient {
    /** Yes: every layer behind the first. */
    COMPUTED,
    /** No: the first layer of a network in training, where nobody reads it and it costs as much as the forward pass. */
    SKIPPED
}
