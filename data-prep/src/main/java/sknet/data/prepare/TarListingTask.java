package sknet.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import sknet.data.archive.TarArchive;
import sknet.data.archive.TarEntry;

/** Lists one archive in an executor, reading its headers alone. */
final class TarListingTask implements Function<TarRegion, ArrayList<TarEntry>> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<SerializableConfiguration> hadoop;
    private final String location;

    TarListingTask(Broadcast<SerializableConfiguration> hadoop, Path location) {
        this.hadoop = hadoop;
        this.location = location.toString();
    }

    @Override
    public ArrayList<TarEntry> call(TarRegion region) throws IOException {
        Path directory = new Path(location);
        return list(ShardTask.withoutChecksumFiles(directory.getFileSystem(hadoop.value().value())), directory, region);
    }

    static ArrayList<TarEntry> list(FileSystem fs, Path location, TarRegion region) throws IOException {
        ArrayList<TarEntry> entries = new ArrayList<>();
        try (FSDataInputStream in = fs.open(new Path(location, region.file()))) {
            TarArchive archive = new TarArchive(in::readFully, region.name(), region.start(), region.end());
            for (Optional<TarEntry> entry = archive.next(); entry.isPresent(); entry = archive.next()) {
                entries.add(entry.get());
            }
        }
        return entries;
    }
}
