package sknet.cluster;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The project's part of the image, put together as the Dockerfile's last stage says. Its first stage is the build, which is in place already.
 *
 * @param root     what is {@code /} in the image
 * @param contents the files and directories that are copied into it, as the image names them
 */
public record ContainerImage(Path root, List<String> contents) {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern COPY = Pattern.compile("COPY (?:--from=build /build/)?(\\S+) (/\\S+)");

    /** @param root does not exist yet */
    public static ContainerImage assemble(Path root) throws IOException {
        List<String> lines = Files.readAllLines(KubernetesFiles.DIRECTORY.resolve("Dockerfile"));
        List<Matcher> copies = lines.subList(lastStage(lines), lines.size()).stream().filter(line -> line.startsWith("COPY ")).map(COPY::matcher).toList();
        for (Matcher copy : copies) {
            if (!copy.matches()) {
                throw new IOException("Cannot read the Dockerfile: " + copy + " (expected " + COPY + ")");
            }
            Path target = root.resolve(copy.group(2).substring(1));
            Files.createDirectories(target.getParent());
            copy(PROJECT.resolve(copy.group(1)), target);
        }
        return new ContainerImage(root, copies.stream().map(copy -> copy.group(2)).toList());
    }

    private static int lastStage(List<String> lines) {
        int last = 0;
        for (int i = 0; i < lines.size(); i++) {
            last = lines.get(i).startsWith("FROM ") ? i : last;
        }
        return last;
    }

    /** Scripts are copied, for they look at where they are; jars are only linked. */
    private static void copy(Path source, Path target) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(target.resolve(source.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = file.equals(source) ? target : target.resolve(source.relativize(file));
                if (file.toString().endsWith(".jar")) {
                    Files.createSymbolicLink(copy, file);
                } else {
                    Files.copy(file, copy);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
