package sknet.train;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.function.Supplier;
import org.apache.spark.metrics.source.Source;

/**
 * A run's progress as a source of the driver's metrics in Spark, which its sinks (Prometheus, JMX, Graphite and others) show. All gauges but
 * {@code step} and {@code totalSteps} are of the last {@link StepMetrics}, and have its units.
 *
 * <p>{@link Source} is {@code private[spark]}; there is no other way to Spark's metrics on the driver.
 */
final class TrainingMetrics implements Source, TrainingObserver {

    /** The source's name within the metrics' names. */
    static final String NAME = "sknet";
    private static final StepMetrics NONE = new StepMetrics(0, 0, Double.NaN, Double.NaN, 0, 0, 0, 0, 0, 0);

    private final MetricRegistry registry = new MetricRegistry();
    private final Counter restarts = registry.counter("restarts");
    private final Counter corruptRecords = registry.counter("corruptRecords");
    private volatile long step;
    private volatile long totalSteps;
    private volatile StepMetrics last = NONE;

    TrainingMetrics() {
        gauge("step", () -> step);
        gauge("totalSteps", () -> totalSteps);
        gauge("epoch", () -> last.epoch());
        gauge("loss", () -> last.loss());
        gauge("learningRate", () -> last.learningRate());
        gauge("imagesPerSecond", () -> last.imagesPerSecond());
        gauge("dataShare", () -> last.dataShare());
        gauge("syncShare", () -> last.syncShare());
        gauge("exchangeShare", () -> last.exchangeShare());
    }

    private void gauge(String name, Supplier<Number> value) {
        Gauge<Number> gauge = value::get;
        registry.register(name, gauge);
    }

    @Override
    public String sourceName() {
        return NAME;
    }

    @Override
    public MetricRegistry metricRegistry() {
        return registry;
    }

    @Override
    public void started(long start, long total, Resumed resumed) {
        step = start;
        totalSteps = total;
    }

    @Override
    public void stepped(StepMetrics metrics) {
        step = metrics.step();
        last = metrics;
        corruptRecords.inc(metrics.corrupt());
    }

    @Override
    public void restarting(int restart, Throwable cause) {
        restarts.inc();
    }
}
