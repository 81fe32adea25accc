package sknet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sknet version}. */
@Command(name = "version", mixinStandardHelpOptions = true,
    description = "Tells the versions of this program, of Java, Spark, Hadoop, DL4J and its libraries, and what processor they found.")
final class VersionCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    @SuppressWarnings("unused")
    private VerboseOption verbose;

    @Override
    public Integer call() throws JsonProcessingException {
        Map<String, String> facts = Versions.here();
        if (json) {
            System.out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(facts));
        } else {
            facts.forEach((name, value) -> System.out.printf("%-13s %s%n", name, value));
        }
        return 0;
    }
}
