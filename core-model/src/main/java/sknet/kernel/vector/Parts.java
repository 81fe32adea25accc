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

    /** What the values from one place to another add up to. */
    @FunctionalInterface
    interface PartialSum {
        double of(int start, int end);
    }

    void run(Pass pass) {
        Team.run(count(), i -> pass.run(i * LENGTH, end(i)));
    }

    /** Adds the parts up in their order, whoever has computed them. */
    double sum(PartialSum partialSum) {
        double[] sums = new double[count()];
        Team.run(sums.length, i -> sums[i] = partialSum.of(i * LENGTH, end(i)));
        double sum = 0;
        for (double part : sums) {
            sum += part;
        }
        return sum;
    }

    private int count() {
        return (values + LENGTH - 1) / LENGTH;
    }

    private int end(int part) {
        return Math.min((part + 1) * LENGTH, values);
    }
}
