package sknet.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a prepared data set holds; written last, so that a directory with a manifest is a whole data set.
 *
 * @param formatVersion     {@link #FORMAT_VERSION}
 * @param createdBy         program and version that wrote it
 * @param source            the folder or file it was made from
 * @param sourceFingerprint SHA-256 over the source's classes and its images' names, labels and sizes
 * @param encoding          how images are stored: "original", or what was made of them
 * @param seed              seed of the global shuffle
 * @param fingerprint       {@link #fingerprintOf} its classes and splits; tells whether a checkpoint resumes on the same data
 * @param classes           class names; the position is the label
 * @param channelMean       mean of R, G and B in 0..255 over every pixel of the training images as stored; of JPEGs, of their pixels at an
 *                          eighth of the size, each as often as it covers pixels of the image
 * @param imageSizes        over the images of both splits
 * @param rejected          number of files that were left out; rejected.jsonl names them
 * @param splits            {@value #TRAIN} and {@value #VAL}
 */
public record DatasetManifest(int formatVersion, String createdBy, String source, String sourceFingerprint, String encoding,
                              long seed, String fingerprint, List<String> classes, List<Double> channelMean, ImageSizes imageSizes, int rejected,
                              Map<String, Split> splits) {
    public static final int FORMAT_VERSION = 2;
    public static final String FILE_NAME = "manifest.json";
    public static final String TRAIN = "train";
    public static final String VAL = "val";

    private static final int MAX_FILE_BYTES = 1 << 28;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    public DatasetManifest {
        classes = List.copyOf(classes);
        channelMean = List.copyOf(channelMean);
        splits = Collections.unmodifiableMap(new TreeMap<>(splits));
        if (channelMean.size() != 3 || !channelMean.stream().allMatch(mean -> mean >= 0 && mean <= 255)) {
            throw new IllegalArgumentException("channelMean is " + channelMean + " (expected 3 numbers from 0 to 255)");
        }
        int labels = classes.size();
        if (splits.values().stream().anyMatch(split -> split.classCounts.size() != labels
                || split.classCounts.stream().mapToInt(Integer::intValue).sum() != split.records())) {
            throw new IllegalArgumentException("classCounts do not match (expected one for each class that add up to the records)");
        }
        if (!splits.keySet().equals(Set.of(TRAIN, VAL))) {
            throw new IllegalArgumentException("splits are " + splits.keySet() + " (expected train and val)");
        }
    }

    /**
     * @param shards      in the order of their numbers
     * @param classCounts number of images of each class, by label
     */
    public record Split(List<Shard> shards, List<Integer> classCounts) {
        public Split {
            shards = List.copyOf(shards);
            classCounts = List.copyOf(classCounts);
            if (shards.stream().mapToLong(Shard::records).sum() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a split holds too many records (expected at most " + Integer.MAX_VALUE + ")");
            }
        }

        /** Number of images in all shards. */
        public int records() {
            return shards.stream().mapToInt(Shard::records).sum();
        }

        /** Size of all shards, indices apart. */
        public long bytes() {
            return shards.stream().mapToLong(Shard::bytes).sum();
        }
    }

    /**
     * @param file        name of the shard within its split's directory
     * @param records     number of images
     * @param bytes       size of the shard file
     * @param indexSha256 SHA-256 of the index file in hexadecimal, and through it of all ids, labels and record CRCs
     */
    public record Shard(String file, int records, long bytes, String indexSha256) implements Serializable {
        private static final Pattern FILE = Pattern.compile("shard-[0-9]{5,9}\\.seq");

        public Shard {
            if (!FILE.matcher(file).matches() || records < 0 || bytes < 0) {
                throw new IllegalArgumentException("shard '" + file + "' has " + records + " records and " + bytes
                        + " bytes (expected a name like shard-00000.seq and no number below 0)");
            }
        }

        /** Name of the shard's index beside it. */
        public String indexFile() {
            return name() + ShardWriter.INDEX_SUFFIX;
        }

        /** Name of shard and index without their suffixes. */
        String name() {
            return file.substring(0, file.length() - ShardWriter.SHARD_SUFFIX.length());
        }
    }

    /**
     * A split by name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Split split(String name) {
        Split split = splits.get(name);
        if (split == null) {
            throw new IllegalArgumentException("Cannot open split '" + name + "' (expected one of " + splits.keySet() + ")");
        }
        return split;
    }

    /** The channel mean as image transforms take it: R, G, B in 0..255. */
    public float[] mean() {
        return new float[] {channelMean.get(0).floatValue(), channelMean.get(1).floatValue(), channelMean.get(2).floatValue()};
    }

    /** SHA-256 over the classes and each split's shard names, counts and index digests, which cover every record's CRC32C. */
    public static String fingerprintOf(List<String> classes, Map<String, Split> splits) {
        StringBuilder text = new StringBuilder();
        classes.forEach(name -> text.append(name).append('\n'));
        new TreeMap<>(splits).forEach((name, split) -> split.shards().forEach(shard ->
                text.append(String.format(Locale.ROOT, "%s/%s %d %d %s\n",
                        name, shard.file(), shard.records(), shard.bytes(), shard.indexSha256()))));
        return ShardWriter.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads the manifest of a data set.
     *
     * @throws IOException if there is none, it is damaged or of an unknown version; the message says which
     */
    public static DatasetManifest read(FileSystem fs, Path dataset) throws IOException {
        Path directory = fs.makeQualified(dataset);
        Path file = new Path(directory, FILE_NAME);
        if (!fs.exists(file)) {
            throw new IOException("Cannot open data set " + directory + ": no " + FILE_NAME
                    + " (expected a directory written by 'sknet prepare')");
        }
        long length = fs.getFileStatus(file).getLen();
        if (length > MAX_FILE_BYTES) {
            throw damaged(directory, "it is " + length + " bytes long (expected at most " + MAX_FILE_BYTES + ")", null);
        }
        byte[] content = new byte[(int) length];
        try (FSDataInputStream in = fs.open(file)) {
            in.readFully(content);
        }
        DatasetManifest manifest = parse(directory, content);
        String fingerprint = fingerprintOf(manifest.classes, manifest.splits);
        if (!fingerprint.equals(manifest.fingerprint)) {
            throw damaged(directory, "its fingerprint is " + manifest.fingerprint + " (expected " + fingerprint + ")", null);
        }
        return manifest;
    }

    /**
     * Writes the manifest, which makes the directory a data set: to be called when everything else is in place.
     *
     * @throws IOException if it cannot be written whole, or another is there
     */
    public void write(FileSystem fs, Path dataset) throws IOException {
        WholeFile.write(fs, new Path(dataset, FILE_NAME), JSON.writeValueAsBytes(this));
    }

    private static DatasetManifest parse(Path directory, byte[] content) throws IOException {
        try {
            JsonNode tree = JSON.readTree(new String(content, StandardCharsets.UTF_8));
            int version = tree.path("formatVersion").asInt(0);
            if (version != FORMAT_VERSION) {
                throw new IOException("Cannot open data set " + directory + ": " + FILE_NAME + " has format version "
                        + tree.path("formatVersion") + " (expected " + FORMAT_VERSION + ": prepare it again with this version)");
            }
            return JSON.treeToValue(tree, DatasetManifest.class);
        } catch (JsonProcessingException e) {
            throw damaged(directory, e.getOriginalMessage(), e);
        }
    }

    private static IOException damaged(Path directory, String finding, Exception cause) {
        return new IOException("Cannot open data set " + directory + ": " + FILE_NAME + " is damaged: " + finding, cause);
    }
}
