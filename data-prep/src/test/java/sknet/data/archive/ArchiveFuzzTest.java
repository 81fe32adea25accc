package sknet.data.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.shard.SmallDataset;
import sknet.fuzz.Fuzzing;
import sknet.fuzz.Fuzzing.Finding;
import sknet.fuzz.Mutations;

/** Whatever becomes of a published archive, what is read of it lies within it, or it is refused with a reason. */
class ArchiveFuzzTest {
    private static final List<Class<? extends Exception>> ERRORS = List.of(IOException.class);
    private static final int BLOCK = 512;
    private static final long MOST_BYTES = 4 << 20;

    @TempDir
    private Path directory;
    private FileSystem local;

    @BeforeEach
    void open() throws IOException {
        local = FileSystem.get(URI.create("file:///"), SmallDataset.rawLocal());
    }

    @Test
    void tar() throws IOException {
        List<byte[]> archives = archives();
        Mutations mutations = new Mutations(1, archives);
        List<List<TarEntry>> originals = new ArrayList<>();
        for (byte[] archive : archives) {
            originals.add(list(archive));
        }
        new Fuzzing("tar", ERRORS, MOST_BYTES, 8).run(number -> number / 2 % 2 == 0 ? mutations.copy(number) : withChecksums(mutations.copy(number)),
            file -> {
                List<TarEntry> entries = list(file);
                for (TarEntry entry : entries) {
                    within(entry.offset() >= 0 && entry.bytes() >= 0 && entry.offset() + entry.bytes() <= file.length, entry);
                }
                return originals.contains(entries) ? Finding.EQUAL : Finding.OTHER;
            });
    }

    @Test
    void compressedTar() throws IOException {
        List<byte[]> archives = archives();
        Mutations outside = new Mutations(2, archives.stream().map(ArchiveFuzzTest::compressed).toList());
        Mutations inside = new Mutations(3, archives);
        List<String> originals = new ArrayList<>();
        for (byte[] archive : archives) {
            originals.add(contents(compressed(archive)));
        }
        new Fuzzing("compressed tar", ERRORS, MOST_BYTES, 64).run(
            number -> number / 2 % 2 == 0 ? outside.copy(number) : compressed(withChecksums(inside.copy(number))),
            file -> originals.contains(contents(file)) ? Finding.EQUAL : Finding.OTHER);
    }

    @Test
    void idx() throws IOException {
        byte[] images = ByteBuffer.allocate(16 + 3 * 35).putInt(0x0803).putInt(3).putInt(5).putInt(7).array();
        byte[] labels = ByteBuffer.allocate(8 + 40).putInt(0x0801).putInt(40).array();
        Mutations mutations = new Mutations(4, List.of(images, labels, compressed(images), compressed(labels)));
        // A header's count of labels is made room for before they are read: at most ten million bytes.
        new Fuzzing("IDX", ERRORS, 12 << 20, 64).run(mutations::copy, file -> {
            org.apache.hadoop.fs.Path path = file(file);
            try {
                IdxFile read = IdxFile.images(local, path);
                long end = read.offset() + (long) read.count() * read.itemBytes();
                within(end == unfolded(file), read);
                return read.equals(new IdxFile(3, 5, 7, 16)) ? Finding.EQUAL : Finding.OTHER;
            } catch (IOException notImages) {
                return Arrays.equals(IdxFile.labels(local, path), new byte[40]) ? Finding.EQUAL : Finding.OTHER;
            }
        });
    }

    @Test
    void synsets() throws IOException {
        List<Map<String, Object>> structs = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            structs.add(Map.of("ILSVRC2012_ID", i, "WNID", "n0000000" + i, "num_children", 0, "num_train_images", 700 + i));
        }
        byte[] whole = MatWriter.structs("synsets", List.of("ILSVRC2012_ID", "WNID", "num_children", "num_train_images"), structs);
        Synsets original = Synsets.read("meta.mat", whole);
        Mutations mutations = new Mutations(5, List.of(whole, MatWriter.uncompressed(whole)));
        new Fuzzing("MATLAB files", ERRORS, MOST_BYTES, 2 * 1032).run(mutations::copy,
            file -> Synsets.read("meta.mat", file).equals(original) ? Finding.EQUAL : Finding.OTHER);
    }

    private static void within(boolean lies, Object what) {
        if (!lies) {
            throw new AssertionError(what + " lies beyond the file");
        }
    }

    private static List<byte[]> archives() {
        byte[] pax = "19 path=other/name\n12 size=900\n".getBytes(StandardCharsets.US_ASCII);
        return List.of(
            new TarWriter().directory("a/").file("a/one", new byte[7]).file("two", new byte[600]).bytes(),
            new TarWriter().file("directory/".repeat(15) + "name", new byte[20]).bytes(),
            new TarWriter().entry("PaxHeader", 'x', pax, "ustar\00000").entry("short", '0', new byte[900], "ustar\00000").bytes());
    }

    private static List<TarEntry> list(byte[] tar) throws IOException {
        TarArchive archive = new TarArchive((position, buffer) -> {
            if (position + buffer.length > tar.length) {
                throw new EOFException();
            }
            System.arraycopy(tar, (int) position, buffer, 0, buffer.length);
        }, "x.tar", 0, tar.length);
        List<TarEntry> entries = new ArrayList<>();
        for (Optional<TarEntry> entry = archive.next(); entry.isPresent(); entry = archive.next()) {
            entries.add(entry.get());
        }
        return entries;
    }

    /** Names and sizes of a compressed archive, and each file's content. */
    private String contents(byte[] file) throws IOException {
        StringBuilder contents = new StringBuilder();
        try (ForwardBytes in = ForwardBytes.open(local, file(file))) {
            TarArchive archive = new TarArchive(in, "x.tar.gz", 0, Long.MAX_VALUE);
            for (Optional<TarEntry> entry = archive.next(); entry.isPresent(); entry = archive.next()) {
                byte[] content = new byte[(int) Math.min(entry.get().bytes(), 1 << 20)];
                in.readFully(entry.get().offset(), content);
                contents.append(entry.get()).append(Arrays.hashCode(content)).append('\n');
            }
        }
        return contents.toString();
    }

    private org.apache.hadoop.fs.Path file(byte[] content) throws IOException {
        return new org.apache.hadoop.fs.Path(Files.write(directory.resolve("damaged"), content).toUri());
    }

    private static byte[] compressed(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static long unfolded(byte[] content) throws IOException {
        if (content.length < 2 || content[0] != 0x1F || content[1] != (byte) 0x8B) {
            return content.length;
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(content))) {
            return gzip.readAllBytes().length;
        }
    }

    /** Gives whatever looks like a header a checksum that fits. */
    private static byte[] withChecksums(byte[] tar) {
        for (int start = 0; start + BLOCK <= tar.length; start += BLOCK) {
            if (new String(tar, start + 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
                Arrays.fill(tar, start + 148, start + 156, (byte) ' ');
                int sum = 0;
                for (int i = start; i < start + BLOCK; i++) {
                    sum += tar[i] & 0xFF;
                }
                byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(digits, 0, tar, start + 148, digits.length);
            }
        }
        return tar;
    }
}
