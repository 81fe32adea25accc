package sknet.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sknet.layer.Parameter.Role;

/** Lays the parameters of a {@link KernelLayer} out in DL4J's flattened vector, in the order the layer lists them. */
final class ParameterLayout implements ParamInitializer {

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return parameters(layer).stream().mapToLong(Parameter::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return names(layer, role -> true);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return names(layer, role -> role == Role.WEIGHT);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return names(layer, role -> role == Role.SCALE || role == Role.SHIFT);
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return weightKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return biasKeys(layer).contains(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        Map<String, INDArray> views = getGradientsFromFlattened(conf, paramsView);
        KernelLayer layer = (KernelLayer) conf.getLayer();
        for (Parameter parameter : layer.parameters()) {
            conf.addVariable(parameter.name());
            if (initializeParams) {
                initialize(layer, parameter, views.get(parameter.name()));
            }
        }
        return views;
    }

    private static void initialize(KernelLayer layer, Parameter parameter, INDArray view) {
        switch (parameter.role()) {
            case WEIGHT -> layer.getWeightInitFn().init(parameter.fanIn(), parameter.shape()[0], parameter.shape(), 'c',
                    view.reshape(view.length()));
            case SCALE, VARIANCE -> view.assign(1);
            case SHIFT, MEAN -> view.assign(0);
        }
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        Map<String, INDArray> views = new LinkedHashMap<>();
        List<Parameter> parameters = parameters(conf.getLayer());
        if (parameters.isEmpty()) {
            // DL4J has no view for a layer without parameters.
            return views;
        }
        INDArray flat = gradientView.reshape(gradientView.length());
        long offset = 0;
        for (Parameter parameter : parameters) {
            INDArray slice = flat.get(NDArrayIndex.interval(offset, offset + parameter.length()));
            views.put(parameter.name(), slice.reshape('c', parameter.shape()));
            offset += parameter.length();
        }
        return views;
    }

    private static List<String> names(Layer layer, Predicate<Role> roles) {
        return parameters(layer).stream().filter(parameter -> roles.test(parameter.role())).map(Parameter::name).toList();
    }

    private static List<Parameter> parameters(Layer layer) {
        return ((KernelLayer) layer).parameters();
    }
}
