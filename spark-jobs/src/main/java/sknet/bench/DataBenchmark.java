package sknet.bench;

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
import sknet.data.image.ImageLoader;
import sknet.data.image.ImageTransform;
import sknet.data.image.RandomResizedCrop;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.order.SampleRandom;

/**
 * Times decoding and transforming of images that are in memory, without a network or Spark.
 *
 * @param work    what becomes of an image
 * @param threads that work side by side
 * @param warmUp  rounds over all images before the clock runs
 * @param rounds  to time
 */
public record DataBenchmark(Work work, int threads, int warmUp, int rounds) {
    private static final int SIZE = 224;
    private static final float[] MEAN = {123.7f, 116.3f, 103.5f};

    /** The usual transforms of ImageNet. */
    public enum Work {
        TRAIN(new RandomResizedCrop(SIZE, 0.08, 1, 0.75, 4.0 / 3, 0.5)), EVAL(new ResizeCentreCrop(256, SIZE));

        private final ImageTransform transform;

        Work(ImageTransform transform) {
            this.transform = transform;
        }
    }

    /**
     * Runs the benchmark.
     *
     * @param images files of JPEG or PNG
     */
    public DataResult run(List<byte[]> images) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<double[]>> tasks = Collections.nCopies(threads, () -> rates(images));
            List<Double> rates = new ArrayList<>();
            for (Future<double[]> task : pool.invokeAll(tasks)) {
                for (double rate : task.get()) {
                    rates.add(rate);
                }
            }
            double[] sorted = rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            long bytes = images.stream().mapToLong(image -> image.length).sum();
            return new DataResult(work.name().toLowerCase(Locale.ROOT), images.size(), bytes / images.size(), threads, rounds,
                sorted[sorted.length / 2], sorted[sorted.length - 1], sorted[0]);
        } finally {
            pool.shutdownNow();
        }
    }

    private double[] rates(List<byte[]> images) throws Exception {
        ImageLoader loader = new ImageLoader();
        FloatBuffer out = ByteBuffer.allocateDirect(3 * SIZE * SIZE * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        double[] rates = new double[warmUp + rounds];
        for (int round = 0; round < rates.length; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < images.size(); i++) {
                loader.load(images.get(i), work.transform, new SampleRandom(1, round, i), MEAN, out, 0);
            }
            rates[round] = images.size() * 1e9 / (System.nanoTime() - start);
        }
        return Arrays.copyOfRange(rates, warmUp, rates.length);
    }
}
