package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The log by conf/spark/log4j2.properties, of a JVM of its own, for it reads the environment. */
class LogFormatTest {

    private static final String ODD = "\"quoted\" \\ back\nline\ttab \u0001 ü € {} %d";

    /** What is logged. */
    static final class Program {

        private Program() {
        }

        public static void main(String[] arguments) {
            Logger own = LoggerFactory.getLogger("sknet.train.Program");
            Logger sparks = LoggerFactory.getLogger("org.apache.spark.Program");
            MDC.put("run", "hdfs://namenode/\"runs\"");
            own.atInfo().addKeyValue("event", "restarted").addKeyValue("step", 12).log(ODD);
            sparks.info("not told");
            MDC.put("rank", "3");
            MDC.put("epoch", "1");
            sparks.warn(ODD, new IllegalStateException(ODD, new IOException("inner")));
        }
    }

    @Test
    void inJsonEachRecordIsOneLineWithItsFields() throws Exception {
        List<JsonNode> records = new ArrayList<>();
        for (String line : log("json").lines().toList()) {
            records.add(new ObjectMapper().readTree(line));
        }
        assertEquals(2, records.size(), records::toString);
        JsonNode event = records.get(0);
        assertTrue(Duration.between(Instant.parse(event.get("time").asText()), Instant.now()).abs().toMinutes() < 1);
        assertEquals("INFO", event.get("level").asText());
        assertEquals("sknet.train.Program", event.get("logger").asText());
        assertEquals("main", event.get("thread").asText());
        assertEquals("restarted", event.get("event").asText());
        assertEquals("hdfs://namenode/\"runs\"", event.get("run").asText());
        assertEquals(12, event.get("step").intValue());
        assertEquals(ODD, event.get("message").asText());
        assertFalse(event.has("rank") || event.has("epoch") || event.has("exception"), event::toString);
        JsonNode warning = records.get(1);
        assertEquals(3, warning.get("rank").intValue());
        assertEquals(1, warning.get("epoch").intValue());
        assertEquals(ODD, warning.get("message").asText());
        String exception = warning.get("exception").asText();
        assertTrue(exception.contains("IllegalStateException: " + ODD) && exception.contains("Caused by: java.io.IOException: inner"), exception);
        assertFalse(warning.has("event") || warning.has("step"), warning::toString);
    }

    @Test
    void forPeopleOnlyWarningsAreLogged() throws Exception {
        String log = log("human");
        assertTrue(log.matches("(?s)\\d\\d:\\d\\d:\\d\\d WARN  Program: \"quoted\" .*"), log);
        assertTrue(log.contains("\njava.lang.IllegalStateException: "), log);
    }

    private static String log(String format) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.configurationFile=" + Path.of("../conf/spark/log4j2.properties").toAbsolutePath(), "-cp", System.getProperty("java.class.path"),
            Program.class.getName());
        builder.environment().put("SKNET_LOG_FORMAT", format);
        Process process = builder.start();
        assertEquals("", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), log);
        return log;
    }
}
