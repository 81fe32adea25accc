package sknet.model;

import java.util.List;
import sknet.layer.ConvolutionSpec;

/** The network of the fixture {@code small_sknet}. */
final class SmallSkNet {
    private SmallSkNet() {}

    static Architecture architecture() {
        Middle middle = Middle.SelectiveKernel.dilated(2, 4, 4, 8);
        return new Architecture("small-sknet", 48, new Backbone(new Stem(ConvolutionSpec.ofKernel(7).withStride(2), 8, Stem.Pooling.MAX),
                List.of(
                new Stage(1, 8, 16, 1, middle), new Stage(1, 16, 32, 2, middle), new Stage(1, 32, 64, 2, middle),
                new Stage(1, 64, 128, 2, middle))));
    }
}
