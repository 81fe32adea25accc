package sknet.model;

/** Which parameters weight decay touches; running statistics never are. */
public enum DecayRule {
    /** All learnt parameters. The paper names no exception. */
    ALL,
    /**
     * The authors' released network files: convolutions and fully connected weights only, not batch norm's gamma and beta nor the
     * classifier's bias, whose learning rate is doubled.
     */
    WEIGHTS_ONLY
}
