package sknet.interchange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How the values of a tensor lie in its file, beside the parameter of ours that they become. */
enum Layout {
    /** As ours. */
    SAME,
    /** With rows and columns exchanged: PyTorch's Linear has [outputs, inputs], DL4J's classifier [inputs, outputs]. */
    TRANSPOSED {
        @Override
        List<Long> fileShape(List<Long> shape) {
            List<Long> reversed = new ArrayList<>(shape);
            Collections.reverse(reversed);
            return reversed;
        }

        @Override
        INDArray ours(INDArray values) {
            return values.transpose();
        }
    },
    /** A fully connected layer's weights [outputs, inputs] as those of a 1x1 convolution, [outputs, inputs, 1, 1]. */
    POINTWISE {
        @Override
        List<Long> fileShape(List<Long> shape) {
            return List.of(shape.get(0), shape.get(1), 1L, 1L);
        }
    };

    /** The shape in the file of a parameter with this shape. */
    List<Long> fileShape(List<Long> shape) {
        return shape;
    }

    /** Values of the file's shape in ours, but for sizes of 1. */
    INDArray ours(INDArray values) {
        return values;
    }
}
