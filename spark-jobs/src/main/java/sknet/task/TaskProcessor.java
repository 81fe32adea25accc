package sknet.task;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import sknet.kernel.KernelProvider;

/**
 * What Spark gives a task to compute on.
 *
 * @param cores of the executor's, as many as spark.task.cpus says
 * @param gpu   the address of the task's resource "gpu", if it has one
 */
public record TaskProcessor(int cores, Optional<String> gpu) {

    private static final String GPU = "gpu";

    /** @throws IllegalArgumentException if the task has more than one GPU */
    public static TaskProcessor of(TaskContext task) {
        return of(task.cpus(), task.resourcesJMap());
    }

    static TaskProcessor of(int cores, Map<String, ResourceInformation> resources) {
        ResourceInformation gpus = resources.get(GPU);
        if (gpus == null) {
            return new TaskProcessor(cores, Optional.empty());
        }
        if (gpus.addresses().length != 1) {
            throw new IllegalArgumentException("Cannot compute on the GPUs " + String.join(", ", gpus.addresses())
                + " in one task (expected spark.task.resource.gpu.amount=1)");
        }
        return new TaskProcessor(cores, Optional.of(gpus.addresses()[0]));
    }

    /** Whatever the calling thread computes from now on is computed there. */
    public void use() {
        KernelProvider.useThreads(cores);
        gpu.ifPresent(KernelProvider::useGpu);
    }
}
