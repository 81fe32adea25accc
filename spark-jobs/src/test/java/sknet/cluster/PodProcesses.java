package sknet.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Does what Kubernetes' nodes do, on this machine: runs each new pod of an API server as a process, by the entry of the image and with the pod's
 * arguments, variables and volumes, tells how it is, and ends it when it is deleted.
 */
public final class PodProcesses implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";

    private final KubernetesClient client;
    private final ContainerImage image;
    private final Path directory;
    private final Map<String, PodProcess> pods = new ConcurrentHashMap<>();
    private final Watch watch;

    private PodProcesses(KubernetesApi api, String namespace, ContainerImage image, Path directory) {
        this.client = api.client(namespace);
        this.image = image;
        this.directory = directory;
        this.watch = client.pods().watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                if (action == Action.ADDED) {
                    run(pod);
                } else if (action == Action.DELETED) {
                    pod(pod.getMetadata().getName()).terminate();
                }
            }

            @Override
            public void onClose(WatcherException cause) {
            }
        });
    }

    /** @param directory for the pods' volumes and logs */
    public static PodProcesses start(KubernetesApi api, String namespace, ContainerImage image, Path directory) {
        return new PodProcesses(api, namespace, image, directory);
    }

    /** A pod that runs, or has run. */
    public PodProcess pod(String name) {
        return pods.get(name);
    }

    /** What all pods have printed. */
    public String logs() {
        return pods.entrySet().stream().map(pod -> "== " + pod.getKey() + "\n" + pod.getValue().log()).sorted().collect(Collectors.joining());
    }

    private void run(Pod pod) {
        String name = pod.getMetadata().getName();
        try {
            PodProcess process = PodProcess.start(pod, client, image, directory.resolve(name), ADDRESS);
            pods.put(name, process);
            tell(name, "Running");
            process.onExit(code -> tell(name, code == 0 ? "Succeeded" : "Failed"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run pod " + name, e);
        }
    }

    /** A pod that has been deleted meanwhile is not told about. */
    private void tell(String name, String phase) {
        Pod pod = client.pods().withName(name).get();
        if (pod != null) {
            pod.setStatus(new PodStatusBuilder().withPhase(phase).withPodIP(ADDRESS).withHostIP(ADDRESS)
                .addNewCondition().withType("Ready").withStatus(phase.equals("Running") ? "True" : "False").endCondition().build());
            client.pods().resource(pod).updateStatus();
        }
    }

    @Override
    public void close() {
        watch.close();
        pods.values().forEach(PodProcess::close);
        client.close();
    }
}
