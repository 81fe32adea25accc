package sknet.data.prepare;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * ImageNet (ILSVRC2012), from the archives as published, which are not unpacked: see {@link ImageNetListing}. Classes are the WordNet
 * IDs, in their order.
 *
 * @param location the directory of the archives
 */
public record ImageNetSource(String location) implements Source {

    @Override
    public Listing list(JavaSparkContext spark, FileSystem fs, Path directory) throws IOException {
        return new ImageNetListing(spark, fs, directory).list();
    }

    @Override
    public ImageReader open(FileSystem fs, Path directory, List<SourceImage> images) {
        return new FileSlices(fs, directory);
    }
}
