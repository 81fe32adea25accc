package sknet.data.prepare;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardVerification;
import sknet.data.shard.WholeFile;

/** The directory of a data set in the making. Removes nothing that a preparation has not written. */
record OutputDirectory(FileSystem fs, Path path) {
    private static final String CLASSES = "classes.txt";
    private static final String REJECTED = "rejected.jsonl";
    private static final List<String> SPLITS = List.of(DatasetManifest.TRAIN, DatasetManifest.VAL);
    private static final Pattern SHARD_FILE = Pattern.compile("shard-[0-9]+\\.(seq|idx)");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Makes room: keeps the whole shards that an interrupted preparation by the same plan left, and removes all others, or a whole data
     * set if it may be replaced.
     *
     * @return what became of the shards that are kept
     * @throws PrepareException if the directory is taken
     */
    List<ShardResult> claim(Plan plan, PrepareOptions.Overwrite overwrite) throws IOException {
        boolean whole = fs.exists(file(DatasetManifest.FILE_NAME));
        if (whole && overwrite == PrepareOptions.Overwrite.REFUSE) {
            throw new PrepareException("Cannot prepare into " + path
                    + ": it holds a data set (expected none, or leave to overwrite it)");
        }
        for (String split : SPLITS) {
            for (FileStatus child : list(split)) {
                if (child.isDirectory() || !isOurs(child.getPath())) {
                    throw new PrepareException("Cannot prepare into " + path + ": " + split + "/" + child.getPath().getName()
                            + " is no part of a data set (expected an empty or absent directory)");
                }
            }
        }
        List<ShardResult> kept = List.of();
        if (!whole && log().belongsTo(plan)) {
            kept = keepWhole();
        } else {
            // First the manifest: from here on nobody takes the directory for a whole data set.
            delete(DatasetManifest.FILE_NAME);
            log().clear();
            for (String name : List.of(CLASSES, REJECTED, DatasetManifest.TRAIN, DatasetManifest.VAL)) {
                delete(name);
            }
        }
        for (String split : SPLITS) {
            if (!fs.mkdirs(file(split))) {
                throw new IOException("Cannot create directory " + file(split));
            }
        }
        log().begin(plan);
        return kept;
    }

    /** Removes whatever does not belong to a shard that has a result, its right size and its index. */
    private List<ShardResult> keepWhole() throws IOException {
        List<ShardResult> kept = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ShardResult result : log().results()) {
            boolean whole = true;
            for (DatasetManifest.Shard shard : result.shards()) {
                whole &= ShardVerification.isInPlace(fs, file(result.split()), shard);
            }
            if (whole) {
                kept.add(result);
                for (DatasetManifest.Shard shard : result.shards()) {
                    names.add(result.split() + "/" + shard.file());
                    names.add(result.split() + "/" + shard.indexFile());
                }
            } else {
                log().remove(result);
            }
        }
        for (String split : SPLITS) {
            for (FileStatus child : list(split)) {
                String name = split + "/" + child.getPath().getName();
                if (!names.contains(name)) {
                    delete(name);
                }
            }
        }
        return kept;
    }

    private void delete(String name) throws IOException {
        if (fs.exists(file(name)) && !fs.delete(file(name), true)) {
            throw new IOException("Cannot delete " + file(name) + " of an earlier preparation");
        }
    }

    private WorkLog log() {
        return new WorkLog(fs, path);
    }

    void writeRejected(List<RejectedFile> rejected) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (RejectedFile file : rejected) {
            lines.append(JSON.writeValueAsString(file)).append('\n');
        }
        WholeFile.write(fs, file(REJECTED), lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Checks that all shards are in place, then writes the class list and the manifest, and forgets how they came about. */
    void commit(DatasetManifest manifest) throws IOException {
        for (String split : SPLITS) {
            check(split, manifest.split(split));
        }
        WholeFile.write(fs, file(CLASSES), (String.join("\n", manifest.classes()) + "\n").getBytes(StandardCharsets.UTF_8));
        manifest.write(fs, path);
        log().clear();
    }

    private void check(String split, DatasetManifest.Split expected) throws IOException {
        Map<String, Long> lengths = new HashMap<>();
        for (FileStatus child : list(split)) {
            lengths.put(child.getPath().getName(), child.getLen());
            if (WholeFile.isTemporary(child.getPath())) {
                // Of an attempt that was killed; whether it goes is no reason to fail.
                fs.delete(child.getPath(), false);
            }
        }
        for (DatasetManifest.Shard shard : expected.shards()) {
            Long length = lengths.get(shard.file());
            if (length == null || length != shard.bytes() || !lengths.containsKey(shard.indexFile())) {
                throw new IOException("Cannot commit " + path + ": " + split + "/" + shard.file() + " is " + length
                        + " bytes long (expected "
                        + shard.bytes() + " and an index)");
            }
        }
    }

    private FileStatus[] list(String split) throws IOException {
        return fs.exists(file(split)) ? fs.listStatus(file(split)) : new FileStatus[0];
    }

    private Path file(String name) {
        return new Path(path, name);
    }

    private static boolean isOurs(Path file) {
        return SHARD_FILE.matcher(file.getName()).matches() || WholeFile.isTemporary(file);
    }
}
