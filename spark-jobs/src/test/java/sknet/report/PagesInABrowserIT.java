package sknet.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages as Chromium shows them on a phone and on a desk, without a network. */
class PagesInABrowserIT {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    /** Holds the page at a given width, looks at it when it is loaded, and leaves in its title what it saw. */
    private static final String WRAPPER = """
        <!DOCTYPE html><title>nothing seen</title><iframe src="page.html" style="border:0;width:%1$dpx;height:800px"></iframe>
        <script>
        onload = () => {
          const page = document.querySelector('iframe').contentDocument;
          const boxes = [...page.querySelectorAll('svg')].map(chart => chart.getBoundingClientRect());
          const shapes = [...page.querySelectorAll('svg path')].filter(shape => shape.getBBox().width > 0).length;
          document.title = JSON.stringify({width: page.documentElement.scrollWidth, charts: boxes.length,
            narrowest: Math.min(...boxes.map(box => box.width)), lowest: Math.min(...boxes.map(box => box.height)), shapes,
            heading: page.querySelector('h1').innerText, cells: page.querySelectorAll('td').length,
            loaded: performance.getEntriesByType('resource').filter(entry => !entry.name.endsWith('page.html')).length});
        };
        </script>
        """;

    @Test
    void anExperimentsPageIsReadableOnAPhoneAndOnADesk(@TempDir Path directory) throws Exception {
        check(directory, ExperimentReportTest.page(), "Table <2>", 3);
    }

    @Test
    void aTrainingsPageIsReadableOnAPhoneAndOnADesk(@TempDir Path directory) throws Exception {
        check(directory, HtmlReport.of("hdfs://n/runs", List.of(HtmlReportTest.run("run-1", 100, "1"))), "SKNet training report", 2);
    }

    private static void check(Path directory, String page, String heading, int charts) throws Exception {
        Optional<String> browser = browser(directory);
        assumeTrue(browser.isPresent(), "there is no Chromium here that starts: .ci/browser.sh installs one");
        Files.writeString(directory.resolve("page.html"), page);
        for (int width : new int[] {375, 1280}) {
            JsonNode seen = look(browser.get(), directory, width);
            assertEquals(heading, seen.get("heading").asText());
            assertEquals(charts, seen.get("charts").asInt());
            assertTrue(seen.get("width").asInt() <= width, "nobody scrolls sideways: " + seen);
            assertTrue(seen.get("narrowest").asDouble() > 300 && seen.get("lowest").asDouble() > 150, "the charts have a size: " + seen);
            assertTrue(seen.get("shapes").asInt() > 20, "and letters, which are shapes too: " + seen);
            assertTrue(seen.get("cells").asInt() > 5, seen.toString());
            assertEquals(0, seen.get("loaded").asInt(), "nothing is loaded from elsewhere");
        }
    }

    private static JsonNode look(String browser, Path directory, int width) throws IOException, InterruptedException {
        Path wrapper = Files.writeString(directory.resolve("wrapper.html"), WRAPPER.formatted(width));
        String html = show(browser, directory, wrapper.toUri().toString());
        Matcher title = Pattern.compile("<title>(\\{.*?})</title>").matcher(html);
        assertTrue(title.find(), () -> "the page was seen: " + html.substring(0, Math.min(300, html.length())));
        return new ObjectMapper().readTree(title.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
    }

    /** The document as it is when it is loaded. */
    private static String show(String browser, Path directory, String address) throws IOException, InterruptedException {
        Path dump = directory.resolve("dump.html");
        Process process = new ProcessBuilder(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--allow-file-access-from-files",
            "--user-data-dir=" + directory.resolve("profile"), "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1400,900", "--dump-dom", address)
            .redirectOutput(dump.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("Chromium did not end within two minutes");
        }
        return Files.readString(dump, StandardCharsets.UTF_8);
    }

    /** One that shows a line of text here. */
    private static Optional<String> browser(Path directory) throws InterruptedException {
        Optional<String> browser = Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name))).filter(Files::isExecutable).map(Path::toString).findFirst();
        try {
            return browser.isPresent() && show(browser.get(), directory, "data:text/html,<p>here</p>").contains("<p>here</p>") ? browser : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
