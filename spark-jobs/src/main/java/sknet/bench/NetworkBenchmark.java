package sknet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.FixedSchedule;
import sknet.kernel.KernelProvider;
import sknet.layer.ConstantParameters;
import sknet.model.Complexity;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;
import sknet.model.Precision;
import sknet.optimize.MomentumStep;

/**
 * Times steps of a network on random images, one by one.
 *
 * @param workload what to time
 * @param model    the network
 * @param precision of the activations
 * @param size     width and height of the images, pixels
 * @param batch    images a step
 * @param threads  of the kernels
 * @param warmUp   steps before the clock runs
 * @param steps    to time
 */
public record NetworkBenchmark(Workload workload, ModelCatalogue.Entry model, Precision precision, int size, int batch, int threads, int warmUp,
                               int steps) {
    private static final int MATRIX = 2048;
    private static final int MATRIX_PRODUCTS = 8;
    private static final Path MEMORY = Path.of("/proc/self/status");

    /** Hears of every step. */
    @FunctionalInterface
    public interface Listener {

        /** @param done steps of {@code total}, those of the warm-up included */
        void step(int done, int total);
    }

    /** Runs the benchmark. */
    public BenchmarkResult run(Listener listener) throws IOException {
        double matrix = matrixGigaFlops(threads);
        // Also takes OpenBLAS back to one thread, which the product above had more of.
        KernelProvider.useThreads(threads);
        ComputationGraphConfiguration configuration = NetworkBuilder.build(model.architecture(), NetworkOptions.of(model.classes(), size)
            .withOptimiser(0.9, new FixedSchedule(1e-3)).withPrecision(precision));
        long multiplyAdds = Complexity.of(configuration, InputType.convolutional(size, size, 3)).multiplyAdds();
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        Runnable step = workload == Workload.TRAIN ? training(network) : inference(network);
        double[] millis = new double[steps];
        List<BenchmarkResult.Share> shares;
        try (KernelProfile profile = new KernelProfile()) {
            for (int i = 0; i < warmUp; i++) {
                step.run();
                listener.step(i + 1, warmUp + steps);
            }
            Instant begin = Instant.now();
            for (int i = 0; i < steps; i++) {
                long start = System.nanoTime();
                step.run();
                millis[i] = (System.nanoTime() - start) / 1e6;
                listener.step(warmUp + i + 1, warmUp + steps);
            }
            shares = profile.shares(begin, steps);
        }
        Arrays.sort(millis);
        double median = millis[steps / 2];
        double flops = 2.0 * multiplyAdds * workload.passes() * batch;
        return new BenchmarkResult(workload.name().toLowerCase(Locale.ROOT), model.architecture().name(), precision.label(), size, batch, threads, steps,
            batch * 1e3 / median, median, Arrays.stream(millis).average().orElseThrow(), millis[0], millis[steps - 1], flops / median / 1e6, matrix,
            peakMemoryMiB(), shares);
    }

    private Runnable training(ComputationGraph network) {
        network.initGradientsView();
        MomentumStep momentumStep = new MomentumStep(network);
        INDArray images = images();
        INDArray labels = Nd4j.zeros(DataType.FLOAT, batch, model.classes());
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, i % model.classes(), 1);
        }
        return () -> {
            network.setInputs(images);
            network.setLabels(labels);
            network.computeGradientAndScore();
            momentumStep.take(batch, 0, 0);
        };
    }

    private Runnable inference(ComputationGraph network) {
        ConstantParameters.in(network);
        INDArray images = images();
        return () -> network.output(false, images);
    }

    private INDArray images() {
        return Nd4j.randn(DataType.FLOAT, batch, 3, size, size);
    }

    private static double matrixGigaFlops(int threads) {
        Nd4j.factory().blas().setMaxThreads(threads);
        INDArray a = Nd4j.rand(DataType.FLOAT, MATRIX, MATRIX);
        INDArray b = Nd4j.rand(DataType.FLOAT, MATRIX, MATRIX);
        INDArray product = a.like();
        double fastest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < MATRIX_PRODUCTS; i++) {
            long start = System.nanoTime();
            Nd4j.matmul(a, b, product, false, false, false);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return 2.0 * MATRIX * MATRIX * MATRIX / fastest;
    }

    /** The kernel's high-water mark of resident memory. */
    private static double peakMemoryMiB() throws IOException {
        try (var lines = Files.lines(MEMORY)) {
            return lines.filter(line -> line.startsWith("VmHWM:")).mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst().orElse(Double.NaN);
        }
    }
}
