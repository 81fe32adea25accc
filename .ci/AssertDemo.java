import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fails unless the demo's result file tells of two runs that learned: chance is an error of 90 %. */
final class AssertDemo {
    private static final int RUNS = 2;
    private static final double HIGHEST_ERROR = 50;

    private AssertDemo() {
    }

    public static void main(String[] arguments) throws Exception {
        JsonNode result = new ObjectMapper().readTree(Files.readString(Path.of(arguments[0])));
        JsonNode runs = result.path("runs");
        JsonNode error = result.path("crops").path(0).path("top1Error").path("mean");
        require(runs.isArray() && runs.size() == RUNS, "runs is " + runs + " (expected an array of " + RUNS + ")");
        require(error.isNumber(), "the mean top-1 error is " + error + " (expected a number)");
        // Not "error >= limit": that lets NaN pass.
        require(error.doubleValue() >= 0 && error.doubleValue() < HIGHEST_ERROR,
            "the mean top-1 error is " + error + " % (expected 0 to less than " + HIGHEST_ERROR + " %)");
        System.out.println("Demo: mean top-1 error " + error + " % over " + RUNS + " runs");
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            System.err.println("Cannot accept the demo: " + problem);
            System.exit(1);
        }
    }
}
