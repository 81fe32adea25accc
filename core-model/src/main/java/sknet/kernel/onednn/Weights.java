package sknet.kernel.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.desc;
import sknet.kernel.ConvolutionShape;

/**
 * The weights as oneDNN sees them: several small groups may be merged into one whose weights are block-diagonal, for oneDNN is fast only on
 * groups that fill a vector register with channels.
 *
 * @param merged how many of the shape's groups make one of oneDNN's; divides them
 */
record Weights(ConvolutionShape shape, int merged) {

    /** Groups are merged up to so many vectors of channels: the zeros between them are multiplied too. */
    private static final int WIDEST = 4;

    /** As few groups merged as fill whole vectors; none where that takes too many, and in depthwise convolutions, which oneDNN has code for. */
    static Weights mergedToVectors(ConvolutionShape shape, int vector) {
        int channels = Math.max(shape.groupInChannels(), shape.groupOutChannels());
        for (int merged = 1; channels > 1 && merged * channels <= WIDEST * vector; merged++) {
            Weights weights = new Weights(shape, merged);
            if (shape.groups() % merged == 0 && weights.fills(vector)) {
                return weights;
            }
        }
        return new Weights(shape, 1);
    }

    /** Whether oneDNN's fast code takes packed activations with these weights. */
    boolean fills(int vector) {
        boolean depthwise = shape.groupInChannels() == 1 && shape.groupOutChannels() == 1;
        return groups() == 1 || depthwise || merged * shape.groupInChannels() % vector == 0
                && merged * shape.groupOutChannels() % vector == 0;
    }

    private int groups() {
        return shape.groups() / merged;
    }

    /** oneDNN's shape: OIHW, or GOIHW if groups are left. */
    long[] dims() {
        long out = (long) merged * shape.groupOutChannels();
        long in = (long) merged * shape.groupInChannels();
        long rows = shape.kernelHeight();
        long columns = shape.kernelWidth();
        return groups() == 1 ? new long[] {out, in, rows, columns} : new long[] {groups(), out, in, rows, columns};
    }

    /** Lets an operation read the caller's weights as {@code wanted}. */
    void read(Operation operation, desc wanted) {
        if (merged == 1) {
            operation.input(dnnl.DNNL_ARG_WEIGHTS, Layouts.weights(dims()), wanted);
            return;
        }
        memory expanded = operation.allocate(expanded());
        operation.copyIn(dnnl.DNNL_ARG_WEIGHTS, blocks(), operation.view(expanded, diagonal()));
        memory inner = operation.scratch(wanted);
        operation.before(expanded, inner);
        operation.argument(dnnl.DNNL_ARG_WEIGHTS, inner);
    }

    /** Lets an operation keep the caller's weights as {@code wanted}, taken over by {@link Operation#prepareInputs}. */
    void keep(Operation operation, desc wanted) {
        memory inner = operation.allocate(wanted);
        operation.argument(dnnl.DNNL_ARG_WEIGHTS, inner);
        if (merged == 1) {
            operation.preparedFrom(dnnl.DNNL_ARG_WEIGHTS, Layouts.weights(dims()), inner);
            return;
        }
        memory expanded = operation.allocate(expanded());
        operation.preparedFrom(dnnl.DNNL_ARG_WEIGHTS, blocks(), operation.view(expanded, diagonal()));
        operation.prepared(expanded, inner);
    }

    /** Lets an operation write weight gradients, that it makes as {@code wanted}, to the caller's. */
    void write(Operation operation, desc wanted) {
        if (merged == 1) {
            operation.output(dnnl.DNNL_ARG_DIFF_WEIGHTS, Layouts.weights(dims()), wanted);
            return;
        }
        memory inner = operation.scratch(wanted);
        operation.argument(dnnl.DNNL_ARG_DIFF_WEIGHTS, inner);
        memory expanded = operation.allocate(expanded());
        operation.after(inner, expanded);
        operation.copyOut(dnnl.DNNL_ARG_DIFF_WEIGHTS, operation.view(expanded, diagonal()), blocks());
    }

    /** The caller's weights, {@code [merged groups, groups in each, O/G, C/G * taps]}. */
    private desc blocks() {
        return Layouts.weights(blockDims());
    }

    /** The same values on the diagonal of the merged groups. */
    private desc diagonal() {
        return Layouts.strided(blockDims(), new long[] {mergedGroup(), step(), merged * blockDims()[3], 1});
    }

    /** The merged groups' weights: dense but for a gap between groups, without which oneDNN takes the diagonal's strides to overlap. */
    private desc expanded() {
        long[] dims = dims();
        long row = merged * blockDims()[3];
        return groups() == 1 ? Layouts.weights(dims)
                : Layouts.strided(dims, new long[] {mergedGroup(), row, shape.taps(), shape.kernelWidth(), 1});
    }

    /** From one block of the diagonal to the next: all of its rows and once its own width. */
    private long step() {
        return (long) shape.groupOutChannels() * merged * blockDims()[3] + blockDims()[3];
    }

    private long mergedGroup() {
        return merged * step();
    }

    private long[] blockDims() {
        return new long[] {groups(), merged, shape.groupOutChannels(), (long) shape.groupInChannels() * shape.taps()};
    }
}
