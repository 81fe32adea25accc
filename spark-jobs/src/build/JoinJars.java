import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Adds jars to a copy of a large one without packing what is already in it: the native libraries alone would take half a minute
 * at every build. Usage: {@code java JoinJars.java RESULT LARGE SMALL...}. A file that two jars hold is an error.
 */
final class JoinJars {
    private JoinJars() {
    }

    public static void main(String[] arguments) throws IOException {
        List<Path> jars = Stream.of(arguments).map(Path::of).toList();
        Path result = jars.get(0);
        Path unfinished = result.resolveSibling(result.getFileName() + ".part");
        Files.copy(jars.get(1), unfinished, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem target = FileSystems.newFileSystem(unfinished)) {
            for (Path jar : jars.subList(2, jars.size())) {
                add(jar, target);
            }
        }
        Files.move(unfinished, result, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void add(Path jar, FileSystem target) throws IOException {
        try (FileSystem source = FileSystems.newFileSystem(jar); Stream<Path> entries = Files.walk(source.getPath("/"))) {
            for (Path entry : entries.filter(JoinJars::isContent).toList()) {
                Path copy = target.getPath(entry.toString());
                if (!Files.exists(copy)) {
                    Files.copy(entry, copy, StandardCopyOption.COPY_ATTRIBUTES);
                } else if (!Files.isDirectory(entry)) {
                    throw new IOException("Cannot add " + entry + " of " + jar + ": another jar holds it too");
                }
            }
        }
    }

    private static boolean isContent(Path entry) {
        return !entry.startsWith("/META-INF/MANIFEST.MF") && !entry.startsWith("/META-INF/maven");
    }
}
