package sknet.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import sknet.data.image.ImageDecoder;
import sknet.data.image.ImageLoader;
import sknet.data.image.ImageSurveyor;
import sknet.data.image.ImageTransform;
import sknet.data.image.RandomResizedCrop;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.image.UnreadableImageException;
import sknet.data.order.SampleRandom;

/**
 * Times what is done with images that are in memory, without a network or Spark.
 *
 * @param work    what becomes of an image
 * @param threads that work side by side
 * @param warmUp  rounds over all images before the clock runs
 * @param rounds  to time
 */
public record DataBenchmark(Work work, int threads, int warmUp, int rounds) {
    private static final int SIZE = 224;
    private static final float[] MEAN = {123.7f, 116.3f, 103.5f};

    /** What can be timed. */
    public enum Work {
        /** The usual transform of ImageNet in training. */
        TRAIN(() -> loading(new RandomResizedCrop(SIZE, 0.08, 1, 0.75, 4.0 / 3, 0.5))),
        /** The same in evaluation. */
        EVAL(() -> loading(new ResizeCentreCrop(256, SIZE))),
        /** What preparing does with each image. */
        SURVEY(() -> {
            ImageSurveyor surveyor = new ImageSurveyor();
            return (image, random) -> surveyor.survey(image);
        }),
        /** All pixels of the whole image. */
        DECODE(() -> (image, random) -> ImageDecoder.decode(image));

        private final Supplier<Step> start;

        Work(Supplier<Step> start) {
            this.start = start;
        }

        private static Step loading(ImageTransform transform) {
            ImageLoader loader = new ImageLoader();
            FloatBuffer out = ByteBuffer.allocateDirect(3 * SIZE * SIZE * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
            return (image, random) -> loader.load(image, transform, random, MEAN, out, 0);
        }
    }

    /** What one thread does with an image. */
    private interface Step {
        void run(byte[] image, RandomGenerator random) throws UnreadableImageException;
    }

    /** @param rates images a second in each round */
    private record Timing(double[] rates, double cpuSeconds) {
    }

    /**
     * Runs the benchmark.
     *
     * @param images files of JPEG or PNG
     */
    public DataResult run(List<byte[]> images) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Timing>> tasks = Collections.nCopies(threads, () -> time(images));
            List<Double> rates = new ArrayList<>();
            double cpuSeconds = 0;
            for (Future<Timing> task : pool.invokeAll(tasks)) {
                for (double rate : task.get().rates()) {
                    rates.add(rate);
                }
                cpuSeconds += task.get().cpuSeconds();
            }
            double[] sorted = rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            long bytes = images.stream().mapToLong(image -> image.length).sum();
            return new DataResult(work.name().toLowerCase(Locale.ROOT), images.size(), bytes / images.size(), threads, rounds,
                sorted[sorted.length / 2], sorted[sorted.length - 1], sorted[0], bytes * 1e-6 * rounds * threads / cpuSeconds);
        } finally {
            pool.shutdownNow();
        }
    }

    private Timing time(List<byte[]> images) throws UnreadableImageException {
        ThreadMXBean processor = ManagementFactory.getThreadMXBean();
        Step step = work.start.get();
        double[] rates = new double[warmUp + rounds];
        long cpuBefore = 0;
        for (int round = 0; round < rates.length; round++) {
            if (round == warmUp) {
                cpuBefore = processor.getCurrentThreadCpuTime();
            }
            long start = System.nanoTime();
            for (int i = 0; i < images.size(); i++) {
                step.run(images.get(i), new SampleRandom(1, round, i));
            }
            rates[round] = images.size() * 1e9 / (System.nanoTime() - start);
        }
        double cpuSeconds = (processor.getCurrentThreadCpuTime() - cpuBefore) / 1e9;
        return new Timing(Arrays.copyOfRange(rates, warmUp, rates.length), cpuSeconds);
    }
}
