package sknet.kernel.vector;

/** Neighbouring values, whatever they mean, cut into parts for threads to take. */
record Parts(int values) {
    /** Two of them and their result stay in a core's cache. */
    private static final int LENGTH = 1 << 16;

    /** What is done with the values from one place to another. */
    @FunctionalInterface
    interface Pass {
        void run(int start, int end);
    }

    void run(Pass pass) {
        Team.run((values + LENGTH - 1) / LENGTH, i -> pass.run(i * LENGTH, Math.min((i + 1) * LENGTH, values)));
    }
}
