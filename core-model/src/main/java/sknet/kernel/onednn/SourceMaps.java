package sknet.kernel.onednn;

import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import sknet.kernel.ConvolutionShape;

/**
 * The part of the input maps that a convolution reads. Where dilation and padding are multiples of the stride, its taps meet every
 * stride-th row and column only: on these alone it is a convolution of stride 1. oneDNN has fast code for stride and dilation, but not for
 * the gradients of both together.
 *
 * @param shape the convolution on the whole maps
 * @param seen  the same convolution on the part that it reads
 */
record SourceMaps(ConvolutionShape shape, ConvolutionShape seen) {

    static SourceMaps of(ConvolutionShape shape) {
        int stride = shape.stride();
        // oneDNN takes the strides of rows that do not fill a map to overlap with the next.
        boolean thins = stride > 1 && !shape.isPointwise() && shape.dilation() % stride == 0 && shape.paddingHeight() % stride == 0
                && shape.paddingWidth() % stride == 0 && shape.height() % stride == 0;
        return new SourceMaps(shape, !thins ? shape : new ConvolutionShape(shape.batch(), shape.inChannels(),
                shape.height() / stride, (shape.width() - 1) / stride + 1, shape.outChannels(), shape.kernelHeight(),
                shape.kernelWidth(), 1, shape.dilation() / stride, shape.paddingHeight() / stride, shape.paddingWidth() / stride, shape.groups()));
    }

    /** Whether there are positions that it does not read. */
    boolean sparse() {
        return !seen.equals(shape);
    }

    long[] dims() {
        return new long[] {seen.batch(), seen.inChannels(), seen.height(), seen.width()};
    }

    /** These positions in the caller's array. */
    desc layout(Device device, data_type type) {
        desc whole = device.activations(type, shape.batch(), shape.inChannels(), shape.height(), shape.width());
        return sparse() ? Layouts.thinned(device.activations(type, dims()), whole, shape.stride()) : whole;
    }
}
