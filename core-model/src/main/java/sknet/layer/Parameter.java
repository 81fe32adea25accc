package sknet.layer;

import java.util.Arrays;

/**
 * One parameter of a layer: a slice of DL4J's flattened vector, c-order.
 *
 * @param name  readable and unique in its layer; no underscore, which DL4J splits names at
 * @param role  how it is initialised, decayed and updated
 * @param shape its shape
 */
record Parameter(String name, Role role, long... shape) {

    /** What a parameter is to initialisation, weight decay and updater. */
    enum Role {
        /** He-initialised; decays as DL4J's weights do. */
        WEIGHT,
        /** Batch norm's gamma, 1 at first; decays as DL4J's biases do. */
        SCALE,
        /** Batch norm's beta, 0 at first; decays as DL4J's biases do. */
        SHIFT,
        /** A running mean, 0 at first; never decays, not learnt. */
        MEAN,
        /** A running variance, 1 at first; never decays, not learnt. */
        VARIANCE
    }

    /** The same as part of something larger. */
    Parameter in(String prefix) {
        return new Parameter(prefix + name, role, shape);
    }

    long length() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** Inputs that one output value of a weight sums over: He's fan-in. */
    long fanIn() {
        return length() / shape[0];
    }
}
