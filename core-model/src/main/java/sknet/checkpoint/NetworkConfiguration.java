package sknet.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The network's description in a checkpoint, as DL4J writes it. DL4J makes an object of whatever class the JSON names: so a checkpoint that somebody
 * else has written must name none but those that describe networks.
 */
final class NetworkConfiguration {
    private static final String CLASS = "@class";
    private static final List<String> PACKAGES = List.of("sknet.", "org.deeplearning4j.nn.", "org.nd4j.");
    private static final JsonFactory JSON = new JsonFactory();

    private NetworkConfiguration() {
    }

    /**
     * The JSON as a text.
     *
     * @throws IOException if it is none, or names a class of another kind
     */
    static String checked(byte[] json) throws IOException {
        String text = new String(json, StandardCharsets.UTF_8);
        try (JsonParser parser = JSON.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals(CLASS)) {
                    parser.nextToken();
                    checkClass(parser.getText());
                }
            }
        } catch (JsonProcessingException e) {
            throw new IOException("its configuration is damaged: " + e.getOriginalMessage(), e);
        }
        return text;
    }

    private static void checkClass(String name) throws IOException {
        if (PACKAGES.stream().noneMatch(name::startsWith)) {
            throw new IOException("its configuration names the class " + name + " (expected one of " + String.join("*, ", PACKAGES) + "*)");
        }
    }
}
