package sknet.data.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.WholeFile;

/**
 * What an unfinished preparation has done: its {@link Plan}, and a file for each finished shard with what only reading its images tells.
 * It lies in the data set's directory until the manifest is written.
 */
record WorkLog(FileSystem fs, Path dataset) {
    private static final String PLAN = "_plan.json";
    private static final String RESULTS = "_results";
    /** A result names rejected files, of which there may be as many as a shard has images. */
    private static final int MOST_BYTES = 1 << 28;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /** Whether the directory holds work on this very plan. */
    boolean belongsTo(Plan plan) throws IOException {
        Path file = new Path(dataset, PLAN);
        return fs.exists(file) && read(file, Plan.class).filter(plan::equals).isPresent();
    }

    void begin(Plan plan) throws IOException {
        WholeFile.write(fs, new Path(dataset, PLAN), JSON.writeValueAsBytes(plan));
    }

    void add(ShardResult result) throws IOException {
        WholeFile.write(fs, resultFile(result), JSON.writeValueAsBytes(result));
    }

    /** The results that were written whole. */
    List<ShardResult> results() throws IOException {
        List<ShardResult> results = new ArrayList<>();
        Path directory = new Path(dataset, RESULTS);
        for (FileStatus file : fs.exists(directory) ? fs.listStatus(directory) : new FileStatus[0]) {
            if (!WholeFile.isTemporary(file.getPath())) {
                read(file.getPath(), ShardResult.class).ifPresent(results::add);
            }
        }
        return results;
    }

    void remove(ShardResult result) throws IOException {
        fs.delete(resultFile(result), false);
    }

    /** Removes everything, the plan last: what is left without it belongs to nobody. */
    void clear() throws IOException {
        for (String name : List.of(RESULTS, PLAN)) {
            Path path = new Path(dataset, name);
            if (fs.exists(path) && !fs.delete(path, true)) {
                throw new IOException("Cannot delete " + path + " of an earlier preparation");
            }
        }
    }

    private Path resultFile(ShardResult result) {
        return new Path(new Path(dataset, RESULTS), result.split() + "-" + result.number() + ".json");
    }

    /** A file that does not parse, of another version or damaged, is as good as none. */
    private <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        long length = fs.getFileStatus(file).getLen();
        if (length > MOST_BYTES) {
            return Optional.empty();
        }
        byte[] content = new byte[(int) length];
        try (FSDataInputStream in = fs.open(file)) {
            in.readFully(content);
        }
        try {
            return Optional.ofNullable(JSON.readValue(new String(content, StandardCharsets.UTF_8), type));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
