package sknet.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class TaskProcessorTest {

    @Test
    void aTaskHasTheGpuThatSparkGivesIt() {
        assertEquals(new TaskProcessor(4, Optional.of("3")), TaskProcessor.of(4, gpus("3")));
    }

    @Test
    void withoutTheResourceThereIsNone() {
        assertEquals(new TaskProcessor(4, Optional.empty()),
            TaskProcessor.of(4, Map.of("fpga", new ResourceInformation("fpga", new String[] {"0"}))));
    }

    @Test
    void aTaskWithTwoIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> TaskProcessor.of(4, gpus("0", "1"))).getMessage();
        assertEquals("Cannot compute on the GPUs 0, 1 in one task (expected spark.task.resource.gpu.amount=1)", message);
    }

    private static Map<String, ResourceInformation> gpus(String... addresses) {
        return Map.of("gpu", new ResourceInformation("gpu", addresses));
    }
}
