import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fails for a jar that a known advisory is about and that nobody has explained, and for an explanation that is no longer needed. Arguments: the file
 * of advisories, then directories of jars and class path files.
 */
final class AuditJars {
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^/]*)\\.jar");
    private static final Pattern PART = Pattern.compile("\\d+|[A-Za-z]+");

    private AuditJars() {
    }

    private record Advisory(String artifact, String fixedIn, String what, String explanation) {
        static Advisory parse(String line) {
            String[] columns = line.split("\\|", -1);
            if (columns.length != 4) {
                throw new IllegalArgumentException("Cannot read an advisory: " + line + " (expected 4 columns with | between them)");
            }
            return new Advisory(columns[0].strip(), columns[1].strip(), columns[2].strip(), columns[3].strip());
        }
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, Set<String>> versions = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            for (String name : jars(Path.of(arguments[i]))) {
                Matcher jar = JAR.matcher(name);
                if (jar.matches()) {
                    versions.computeIfAbsent(jar.group(1), artifact -> new HashSet<>()).add(jar.group(2));
                }
            }
        }
        List<String> problems = new ArrayList<>();
        int explained = 0;
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Advisory advisory = Advisory.parse(line);
            List<String> old = versions.getOrDefault(advisory.artifact(), Set.of()).stream()
                .filter(version -> compare(version, advisory.fixedIn()) < 0).sorted().toList();
            if (advisory.explanation().isEmpty() && !old.isEmpty()) {
                problems.add(advisory.artifact() + " " + old + ": " + advisory.what() + " (expected " + advisory.fixedIn() + " or later, or why not)");
            }
            if (!advisory.explanation().isEmpty() && old.isEmpty()) {
                problems.add(advisory.artifact() + ": " + advisory.what() + " needs no explanation (expected none, or an older version)");
            }
            explained += advisory.explanation().isEmpty() || old.isEmpty() ? 0 : 1;
        }
        if (versions.size() < 100) {
            problems.add("only " + versions.size() + " libraries are found (expected those of a whole build)");
        }
        problems.forEach(problem -> System.err.println("Cannot accept the libraries: " + problem));
        if (!problems.isEmpty()) {
            System.exit(1);
        }
        System.out.println("Libraries: " + versions.size() + ", none with a known advisory but for those of " + explained + " lines, which say why, of "
            + arguments[0]);
    }

    private static List<String> jars(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.list(place)) {
                return files.map(file -> file.getFileName().toString()).toList();
            }
        }
        return Stream.of(Files.readString(place).strip().split(":")).map(file -> Path.of(file).getFileName().toString()).toList();
    }

    /** As Maven compares: part by part, numbers as such, and a missing part before any other but a qualifier of an unfinished version. */
    private static int compare(String one, String other) {
        List<String> left = parts(one);
        List<String> right = parts(other);
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            int order = comparePart(i < left.size() ? left.get(i) : "0", i < right.size() ? right.get(i) : "0");
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int comparePart(String one, String other) {
        boolean number = Character.isDigit(one.charAt(0));
        if (number && Character.isDigit(other.charAt(0))) {
            return Long.compare(Long.parseLong(one), Long.parseLong(other));
        }
        return one.equals(other) ? 0 : number ? 1 : Character.isDigit(other.charAt(0)) ? -1 : one.compareTo(other);
    }

    private static List<String> parts(String version) {
        return PART.matcher(version).results().map(result -> result.group()).filter(part -> !part.equalsIgnoreCase("Final")).toList();
    }
}
