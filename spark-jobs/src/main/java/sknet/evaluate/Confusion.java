package sknet.evaluate;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was counted at one crop size: how often each class was taken for which, and the errors that follow. Only pairs that occur take
 * memory: of 1,000 classes at most as many as there are images.
 */
final class Confusion implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Map<Cell, Integer> images = new HashMap<>();
    private final Map<Integer, Integer> top5Errors = new HashMap<>();

    /**
     * An entry of the matrix; in the order of its rows.
     *
     * @param label     the images' class
     * @param predicted the most probable class, or {@link Prediction#NO_CLASS}
     */
    record Cell(int label, int predicted) implements Comparable<Cell>, Serializable {

        @Override
        public int compareTo(Cell other) {
            return label != other.label ? Integer.compare(label, other.label) : Integer.compare(predicted, other.predicted);
        }
    }

    void add(Prediction prediction) {
        images.merge(new Cell(prediction.label(), prediction.predicted()), 1, Integer::sum);
        if (!prediction.isInTop()) {
            top5Errors.merge(prediction.label(), 1, Integer::sum);
        }
    }

    void add(Confusion other) {
        other.images.forEach((cell, count) -> images.merge(cell, count, Integer::sum));
        other.top5Errors.forEach((label, count) -> top5Errors.merge(label, count, Integer::sum));
    }

    /** Number of images of each entry that is not 0, in the matrix's order. */
    Map<Cell, Integer> matrix() {
        return new TreeMap<>(images);
    }

    /** Of all classes. */
    Tally tally() {
        int all = 0;
        int right = 0;
        for (Map.Entry<Cell, Integer> entry : images.entrySet()) {
            all += entry.getValue();
            right += isRight(entry.getKey()) ? entry.getValue() : 0;
        }
        return new Tally(all, all - right, top5Errors.values().stream().mapToInt(Integer::intValue).sum());
    }

    /** Of the images of each class, by label. */
    Tally[] tallies(int classes) {
        int[] all = new int[classes];
        int[] right = new int[classes];
        images.forEach((cell, count) -> {
            all[cell.label()] += count;
            right[cell.label()] += isRight(cell) ? count : 0;
        });
        Tally[] tallies = new Tally[classes];
        for (int label = 0; label < classes; label++) {
            tallies[label] = new Tally(all[label], all[label] - right[label], top5Errors.getOrDefault(label, 0));
        }
        return tallies;
    }

    private static boolean isRight(Cell cell) {
        return cell.label() == cell.predicted();
    }
}
