package sknet.layer;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.NormVectors;

/**
 * What a unit works with in one pass.
 *
 * @param parameters of the layer
 * @param gradients  of the layer; null in evaluation
 * @param prefix     of the names that are the unit's
 * @param inner      for arrays that live until the layer's backward pass has ended, in evaluation until the layer's forward pass has
 * @param constancy  whether parameters may have changed since the last pass
 */
record UnitContext(Map<String, INDArray> parameters, Map<String, INDArray> gradients, String prefix, Allocator inner, Constancy constancy) {

    /** Whether parameters may change from pass to pass. */
    enum Constancy {
        /** They may. */
        VARIABLE,
        /** They do not: what was computed from them holds. */
        CONSTANT
    }

    /** For a part of the unit. */
    UnitContext in(String part) {
        return new UnitContext(parameters, gradients, prefix + part, inner, constancy);
    }

    INDArray parameter(String name) {
        return parameters.get(prefix + name);
    }

    INDArray gradient(String name) {
        return gradients.get(prefix + name);
    }

    NormVectors norm(String part) {
        return NormParameters.vectors(prefix + part, parameters);
    }

    NormVectors normGradients(String part) {
        return NormParameters.vectors(prefix + part, gradients);
    }
}
