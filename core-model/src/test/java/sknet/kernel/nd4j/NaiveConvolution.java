package sknet.kernel.nd4j;

import sknet.kernel.ConvolutionShape;

/** The convolution by its definition: seven nested loops that visit each product once. */
final class NaiveConvolution {
    private final ConvolutionShape shape;

    NaiveConvolution(ConvolutionShape shape) {
        this.shape = shape;
    }

    /** Receives the flat positions of an input value, a weight and the output value that their product is added to. */
    @FunctionalInterface
    private interface Product {
        void at(int input, int weight, int output);
    }

    double[] forward(double[] input, double[] weights) {
        double[] output = new double[shape.batch() * shape.outChannels() * shape.outHeight() * shape.outWidth()];
        forEachProduct((i, w, o) -> output[o] += input[i] * weights[w]);
        return output;
    }

    double[] backwardWeights(double[] input, double[] outputGradient) {
        double[] gradient = new double[shape.outChannels() * shape.groupInChannels() * shape.taps()];
        forEachProduct((i, w, o) -> gradient[w] += input[i] * outputGradient[o]);
        return gradient;
    }

    double[] backwardData(double[] outputGradient, double[] weights) {
        double[] gradient = new double[shape.batch() * shape.inChannels() * shape.height() * shape.width()];
        forEachProduct((i, w, o) -> gradient[i] += outputGradient[o] * weights[w]);
        return gradient;
    }

    private void forEachProduct(Product product) {
        int taps = shape.taps();
        int columns = shape.kernelWidth();
        for (int n = 0; n < shape.batch(); n++) {
            for (int o = 0; o < shape.outChannels(); o++) {
                int firstChannel = o / shape.groupOutChannels() * shape.groupInChannels();
                for (int c = 0; c < shape.groupInChannels(); c++) {
                    for (int tap = 0; tap < taps; tap++) {
                        int weight = (o * shape.groupInChannels() + c) * taps + tap;
                        for (int out = 0; out < shape.outHeight() * shape.outWidth(); out++) {
                            int y = out / shape.outWidth() * shape.stride() + tap / columns * shape.dilation() - shape.paddingHeight();
                            int x = out % shape.outWidth() * shape.stride() + tap % columns * shape.dilation() - shape.paddingWidth();
                            if (y >= 0 && y < shape.height() && x >= 0 && x < shape.width()) {
                                product.at(((n * shape.inChannels() + firstChannel + c) * shape.height() + y) * shape.width()
                                        + x, weight,
                                        (n * shape.outChannels() + o) * shape.outHeight() * shape.outWidth() + out);
                            }
                        }
                    }
                }
            }
        }
    }
}
