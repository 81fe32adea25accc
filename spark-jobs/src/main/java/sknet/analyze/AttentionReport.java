package sknet.analyze;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import sknet.checkpoint.CheckpointInfo;
import sknet.data.shard.WholeFile;

/**
 * All that an analysis leaves behind: the tables of {@link AttentionTables}, pictures, {@code attention.html} with all of them, and
 * {@code analysis.json}, where it all comes from.
 *
 * @param facts    names and values: the checkpoint's provenance, and what was asked
 * @param pictures over all images
 * @param examples pictures of each single image
 */
public record AttentionReport(AttentionResult result, Map<String, String> facts, List<Picture> pictures, List<List<Picture>> examples) {

    private static final String PAGE = "attention.html";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Draws a result.
     *
     * @param checkpoint its path
     * @param labels     the classes to draw
     */
    public static AttentionReport of(AttentionResult result, String checkpoint, CheckpointInfo info, List<Integer> labels) throws IOException {
        AttentionPictures pictures = new AttentionPictures(result);
        List<List<Picture>> examples = new ArrayList<>();
        for (int number = 0; number < result.examples().size(); number++) {
            examples.add(pictures.ofExample(number));
        }
        Map<String, String> facts = new TreeMap<>(info.provenance());
        facts.put("analysis.checkpoint", checkpoint);
        facts.put("analysis.dataset", result.plan().dataset());
        facts.put("analysis.images", String.valueOf(result.plan().images()));
        facts.put("analysis.scales", result.plan().scales().toString());
        facts.put("analysis.transform", result.plan().transform().toString());
        facts.put("analysis.weights", result.plan().weights().label());
        return new AttentionReport(result, facts, pictures.ofAllImages(labels), examples);
    }

    /** Writes everything, and returns the page's path. */
    public Path write(SparkSession spark, AnalysisDirectory directory) throws IOException {
        return new Path(directory.write((fileSystem, path) -> {
            AttentionTables.write(spark, result, path);
            for (Picture picture : pictures) {
                write(fileSystem, new Path(path, picture.fileName()), picture.svg());
            }
            for (List<Picture> example : examples) {
                for (Picture picture : example) {
                    write(fileSystem, new Path(path, picture.fileName()), picture.svg());
                }
            }
            write(fileSystem, new Path(path, PAGE), AttentionPage.of(this));
            write(fileSystem, new Path(path, AnalysisDirectory.FACTS), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(facts));
        }), PAGE);
    }

    private static void write(FileSystem fileSystem, Path file, String text) throws IOException {
        WholeFile.write(fileSystem, file, text.getBytes(StandardCharsets.UTF_8));
    }
}
