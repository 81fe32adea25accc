package sknet.evaluate;

/** What is kept of an evaluation beside its errors, as tables ({@link DetailTables}). */
public enum Details {
    /** Nothing. */
    NONE,
    /** The confusion matrix and each class's errors. */
    CLASSES,
    /** These, and the answer to every image. */
    PREDICTIONS
}
