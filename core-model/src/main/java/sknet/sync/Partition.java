package sknet.sync;

/**
 * How the elements from {@code first} on are cut into {@code parts} ranges of equal size but for one element.
 *
 * @param first  of the elements
 * @param length how many they are
 */
record Partition(int first, int length, int parts) {

    int start(int part) {
        return first + (int) ((long) length * part / parts);
    }

    int end(int part) {
        return start(part + 1);
    }

    int size(int part) {
        return end(part) - start(part);
    }

    /** A range cut further. */
    Partition cut(int part, int intoParts) {
        return new Partition(start(part), size(part), intoParts);
    }
}
