package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sknet.checkpoint.CheckpointInfo;
import sknet.data.shard.DatasetManifest;
import sknet.status.RunStatus.Phase;
import sknet.train.RunEvent.Kind;

/** What docs/operations.md quotes of the program is what the program says. */
class RunbookTest {

    private static final String GAP = "…";
    /** Text blocks and strings, comments and characters, and what is between them. */
    private static final Pattern TOKEN = Pattern.compile("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|//[^\n]*|/\\*[\\s\\S]*?\\*/|'(?:\\\\.|[^'\\\\])+'|[^\"'/]+|/");
    private static final Pattern FORMAT = Pattern.compile("\\{}|%[-,+0-9.]*[a-zA-Z]");

    private static String runbook;
    private static Set<String> said;

    @BeforeAll
    static void read() throws IOException {
        runbook = Files.readString(Path.of("../docs/operations.md"));
        said = new LinkedHashSet<>();
        for (String module : List.of("core-model", "data-prep", "spark-jobs")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    said.addAll(strings(Files.readString(file)));
                }
            }
        }
    }

    @Test
    void everyMessageThatItExplainsIsInTheSources() {
        List<String> messages = rows("Message").stream().map(row -> row.get(0)).toList();
        assertTrue(messages.size() > 40, messages::toString);
        List<String> unknown = new ArrayList<>();
        for (String message : messages) {
            assertTrue(message.startsWith("`") && message.endsWith("`"), message);
            for (String part : message.substring(1, message.length() - 1).split(GAP)) {
                if (!isSaid(part)) {
                    unknown.add(part + " of " + message);
                }
            }
        }
        assertEquals(List.of(), unknown);
    }

    @Test
    void aMessageThatNobodySaysIsFound() {
        assertTrue(isSaid("Cannot resume the run in "));
        assertTrue(!isSaid("Cannot resume the training in "));
    }

    @Test
    void itsStatesAreThoseOfStatus() {
        assertEquals(Arrays.stream(Phase.values()).map(phase -> "`" + StatusText.word(phase) + "`").toList(),
            rows("State").stream().map(row -> row.get(0)).toList());
    }

    @Test
    void itsEventsAreThoseOfTheLog() {
        String field = rows("Field").stream().filter(row -> row.get(0).equals("`event`")).findFirst().orElseThrow().get(1);
        Set<String> named = new TreeSet<>(Pattern.compile("`([a-z]+)`").matcher(field).results().map(match -> match.group(1)).toList());
        Set<String> logged = new TreeSet<>(List.of("progress", "checkpoint"));
        Arrays.stream(Kind.values()).forEach(kind -> logged.add(kind.name().toLowerCase(Locale.ROOT)));
        assertEquals(logged, named);
        assertTrue(said.containsAll(List.of("progress", "checkpoint")));
    }

    @Test
    void itsExitCodesAreTheProgrammes() {
        assertEquals(List.of("0", Integer.toString(Main.FAILURE), Integer.toString(Main.USAGE)), rows("Code").stream().map(row -> row.get(0)).toList());
        assertEquals(Main.USAGE, Main.run("status"));
    }

    @Test
    void itsFormatVersionsAreTheProgrammes() {
        List<List<String>> formats = rows("Format");
        assertEquals(List.of("checkpoint (`sknet.json`)", Integer.toString(CheckpointInfo.FORMAT_VERSION)), formats.get(0).subList(0, 2));
        assertEquals(List.of("data set (`manifest.json`)", Integer.toString(DatasetManifest.FORMAT_VERSION)), formats.get(1).subList(0, 2));
    }

    @Test
    void itsSettingsExist() {
        Set<String> keys = Settings.load(List.of(), List.of(), List.of()).effective().keySet();
        List<String> unknown = new ArrayList<>();
        Matcher named = Pattern.compile("(?<![\\w./-])((?:model|optimizer|batch|augmentation|data|train|evaluate|prepare)\\.[a-z][a-z-]*[a-z])(?![\\w/*-])").matcher(runbook);
        while (named.find()) {
            if (!keys.contains(named.group(1))) {
                unknown.add(named.group(1));
            }
        }
        assertEquals(List.of(), unknown);
    }

    /** Some part of a message. What it cannot do, and to what, may be said apart. */
    private static boolean isSaid(String part) {
        return said.stream().anyMatch(text -> text.contains(part)) || part.startsWith("Cannot ") && IntStream.range("Cannot ".length(), part.length())
            .anyMatch(end -> part.charAt(end - 1) == ' ' && said.contains(part.substring(0, end)) && said.stream().anyMatch(
                text -> text.startsWith(part.substring(end))));
    }

    /** The cells of all tables whose first column has a title. */
    private static List<List<String>> rows(String title) {
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : runbook.lines().toList()) {
            if (!line.startsWith("|")) {
                inside = false;
                continue;
            }
            List<String> cells = Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
            if (inside && !cells.get(0).startsWith("---")) {
                rows.add(cells);
            }
            inside |= cells.get(0).equals(title);
        }
        assertTrue(!rows.isEmpty(), title);
        return rows;
    }

    /** The strings of a source, joined where they are added up, with a gap for what is put in between. */
    private static List<String> strings(String source) {
        List<String> strings = new ArrayList<>();
        StringBuilder current = null;
        Matcher token = TOKEN.matcher(source);
        while (token.find()) {
            String text = token.group();
            if (text.startsWith("//") || text.startsWith("/*")) {
                continue;
            }
            if (text.startsWith("\"")) {
                current = current == null ? new StringBuilder() : current;
                current.append(text, 1, text.length() - 1);
            } else if (current != null && text.strip().startsWith("+")) {
                current.append(text.strip().equals("+") ? "" : GAP);
                if (!text.strip().endsWith("+")) {
                    add(current, strings);
                    current = null;
                }
            } else if (current != null) {
                add(current, strings);
                current = null;
            }
        }
        return strings;
    }

    private static void add(StringBuilder string, List<String> strings) {
        strings.addAll(Arrays.asList(FORMAT.matcher(string).replaceAll(GAP).split(GAP)));
    }
}
