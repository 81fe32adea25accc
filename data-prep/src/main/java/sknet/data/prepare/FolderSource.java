package sknet.data.prepare;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * An ImageFolder tree LOCATION/train/CLASS/..., LOCATION/val/CLASS/... of JPEG and PNG files: see {@link FolderListing} for what counts
 * as an image.
 *
 * @param location the folder with train/ and val/
 */
public record FolderSource(String location) implements Source {

    @Override
    public Listing list(JavaSparkContext spark, FileSystem fs, Path folder) throws IOException {
        return FolderListing.of(fs, folder);
    }

    @Override
    public ImageReader open(FileSystem fs, Path folder, List<SourceImage> images) {
        return new FileSlices(fs, folder);
    }
}
