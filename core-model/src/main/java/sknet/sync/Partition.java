package sknet.sync;

/** How a vector of {@code length} elements is cut into one range a rank, of equal size but for one element. */
record Partition(int length, int ranks) {

    int start(int rank) {
        return (int) ((long) length * rank / ranks);
    }

    int size(int rank) {
        return start(rank + 1) - start(rank);
    }
}
