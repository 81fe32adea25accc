package sknet.tensorboard;

import java.util.List;
import org.tensorflow.framework.Summary;

/**
 * Values of one step, TensorFlow's {@code Event}.
 *
 * @param epochMillis when they became known, milliseconds since 1970
 * @param step        steps of the run up to and with this
 * @param values      each with its tag, the name of its chart
 */
public record StepEvent(long epochMillis, long step, List<Summary.Value> values) {

    /** A point of the chart {@code tag}. */
    public static Summary.Value scalar(String tag, double value) {
        return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
    }

    /** A slice of the chart {@code tag}. */
    public static Summary.Value histogram(String tag, Histogram values) {
        return Summary.Value.newBuilder().setTag(tag).setHisto(values.proto()).build();
    }
}
