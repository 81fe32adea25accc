package sknet.train;

/** What rank 0 decides by its own clock, and all ranks do: it travels with the all-reduce. */
enum Decision {
    GO_ON,
    /** Write a checkpoint after this step. */
    CHECKPOINT,
    /** The same, and end: the driver was told to stop. */
    STOP;

    int word() {
        return ordinal();
    }

    /** @throws IllegalArgumentException for a word that no replica of this version says */
    static Decision of(int word) {
        if (word < 0 || word >= values().length) {
            throw new IllegalArgumentException("Cannot follow rank 0: its word is " + word + " (expected one below " + values().length + ")");
        }
        return values()[word];
    }
}
