package sknet.data.prepare;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Where the images of a data set come from. A source says once, on the driver, which images it has, and then reads those of a shard in
 * an executor.
 */
public sealed interface Source extends Serializable permits FolderSource, ImageNetSource, CifarSource, IdxSource {

    /** The directory or file that holds everything, on any Hadoop file system. */
    String location();

    /**
     * Lists the images.
     *
     * @param location qualified
     * @throws PrepareException if the source is not what it should be
     */
    Listing list(JavaSparkContext spark, FileSystem fs, Path location) throws IOException;

    /**
     * Gets ready to read some of the images that were listed.
     *
     * @param fs without checksum files, which sources do not have
     */
    ImageReader open(FileSystem fs, Path location, List<SourceImage> images) throws IOException;
}
