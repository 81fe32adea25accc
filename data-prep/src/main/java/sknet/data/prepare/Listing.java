package sknet.data.prepare;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a source has.
 *
 * @param classes      names; the position is the label
 * @param images       by split name, sorted by id
 * @param rejected     what is left out already, sorted by path
 * @param newestMillis when the last of its files was changed, since the epoch
 */
record Listing(List<String> classes, Map<String, List<SourceImage>> images, List<RejectedFile> rejected, long newestMillis) {
    Listing {
        classes = List.copyOf(classes);
        Map<String, List<SourceImage>> sorted = new TreeMap<>();
        images.forEach((split, unsorted) ->
                sorted.put(split, unsorted.stream().sorted(Comparator.comparing(SourceImage::id)).toList()));
        images = sorted;
        rejected = rejected.stream().sorted(Comparator.comparing(RejectedFile::path)).toList();
    }

    /**
     * SHA-256 over the classes and every image's id, label and size: the same for the same images in a folder or an archive. Their
     * content is not read for it.
     */
    String fingerprint() {
        MessageDigest digest = sha256();
        classes.forEach(name -> add(digest, name));
        images.values().forEach(split -> split.forEach(image ->
                add(digest, image.id() + "\t" + image.label() + "\t" + image.place().bytes())));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String line) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot digest: every JDK has SHA-256", e);
        }
    }
}
