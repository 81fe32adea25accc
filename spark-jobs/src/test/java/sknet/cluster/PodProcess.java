package sknet.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pod as a process. Nothing is mounted: the pod's volumes are directories of its own, and wherever its arguments, variables or configuration name
 * one, or what is in the image, the place on this machine is named instead. Like {@link ServerProcess} it ends with this JVM.
 */
public final class PodProcess implements AutoCloseable {

    /** A job of a shell has a process group of its own, which is killed when the pipe to the shell is closed. */
    private static final String LEASH = """
        set -m
        exec 3<&0
        "$@" 3<&- < /dev/null &
        pod=$!
        { read -r end <&3; kill -KILL -- "-$pod"; } &
        echo "$pod" > pid
        wait "$pod"
        status=$?
        kill -KILL -- "-$!"
        exit "$status"
        """;

    private final Process leash;
    private final Path directory;

    private PodProcess(Process leash, Path directory) {
        this.leash = leash;
        this.directory = directory;
    }

    static PodProcess start(Pod pod, KubernetesClient client, ContainerImage image, Path directory, String address) throws IOException {
        Container container = pod.getSpec().getContainers().get(0);
        Files.createDirectories(directory);
        Places places = new Places(container, image, directory);
        for (VolumeMount mount : container.getVolumeMounts()) {
            Volume volume = pod.getSpec().getVolumes().stream().filter(v -> v.getName().equals(mount.getName())).findFirst().orElseThrow();
            fill(volume, client, places, Files.createDirectories(places.of(mount.getMountPath())));
        }
        List<String> command = new ArrayList<>(List.of("bash", "-c", LEASH, "leash", image.root() + "/opt/sknet/deploy/kubernetes/entrypoint.sh"));
        container.getArgs().forEach(argument -> command.add(places.here(argument)));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH"));
        environment.putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "SPARK_HOME", image.root() + "/opt/spark", "SPARK_LOCAL_IP", address,
            "OMP_NUM_THREADS", "1", "JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + nameService(client, directory, address)));
        container.getEnv().forEach(variable -> environment.put(variable.getName(), places.here(value(variable, pod, address))));
        return new PodProcess(builder.start(), directory);
    }

    private static String value(EnvVar variable, Pod pod, String address) {
        if (variable.getValueFrom() == null) {
            return variable.getValue() == null ? "" : variable.getValue();
        }
        return switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
            case "status.podIP" -> address;
            case "metadata.name" -> pod.getMetadata().getName();
            default -> throw new IllegalStateException("Cannot tell " + variable);
        };
    }

    private static void fill(Volume volume, KubernetesClient client, Places places, Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (volume.getConfigMap() != null) {
            Map<String, String> data = client.configMaps().withName(volume.getConfigMap().getName()).waitUntilCondition(map -> map != null, 30,
                TimeUnit.SECONDS).getData();
            if (volume.getConfigMap().getItems().isEmpty()) {
                files.putAll(data);
            }
            volume.getConfigMap().getItems().forEach(item -> files.put(item.getPath(), data.get(item.getKey())));
        } else if (volume.getSecret() != null) {
            client.secrets().withName(volume.getSecret().getSecretName()).get().getData()
                .forEach((name, value) -> files.put(name, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            // Templates of other pods name places in those.
            boolean settings = file.getKey().endsWith(".properties") || file.getKey().endsWith(".conf");
            Files.writeString(directory.resolve(file.getKey()), settings ? places.here(file.getValue()) : file.getValue());
        }
    }

    /** Services are this machine, by the names that Kubernetes' name service gives them. */
    private static Path nameService(KubernetesClient client, Path directory, String address) throws IOException {
        Stream<String> services = client.services().list().getItems().stream().map(service -> service.getMetadata().getName() + "."
            + service.getMetadata().getNamespace() + ".svc");
        Stream<String> own = Stream.of("localhost", InetAddress.getLocalHost().getHostName());
        return Files.writeString(directory.resolve("hosts"), Stream.concat(own, services).map(name -> address + " " + name + "\n")
            .collect(Collectors.joining()));
    }

    /** Everything it has printed. */
    public String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return leash.isAlive();
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException {
        return leash.waitFor();
    }

    void onExit(IntConsumer told) {
        leash.onExit().thenAccept(process -> told.accept(process.exitValue()));
    }

    /** Tells it to end, as Kubernetes does: by SIGTERM to the container's first process. */
    public void terminate() {
        first().destroy();
    }

    /** Kills it by SIGKILL. */
    public void kill() {
        first().descendants().forEach(ProcessHandle::destroyForcibly);
        first().destroyForcibly();
    }

    private ProcessHandle first() {
        Path file = directory.resolve("pid");
        ServerProcess.await("a pod's process: " + directory, () -> Files.exists(file) && file.toFile().length() > 0);
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElse(leash.toHandle());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = leash.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        leash.destroyForcibly();
        all.forEach(process -> ServerProcess.await("a pod to end", () -> !ServerProcess.runs(process)));
    }

    /** Where on this machine is what a container sees. */
    private static final class Places {

        private final Map<String, Path> places = new TreeMap<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        private final Pattern named;
        private final Pattern otherPod;

        Places(Container container, ContainerImage image, Path directory) {
            image.contents().forEach(path -> places.put(path, image.root().resolve(path.substring(1))));
            container.getVolumeMounts().forEach(mount -> places.put(mount.getMountPath(), directory.resolve(mount.getMountPath().substring(1))));
            // Nothing names what is in it, and this machine's own directory of temporary files is there too.
            String names = places.keySet().stream().filter(path -> !path.equals("/tmp")).map(Pattern::quote).collect(Collectors.joining("|"));
            this.otherPod = Pattern.compile(Pattern.quote(directory.getParent().toString()) + "/[^/]+(?=/)");
            this.named = Pattern.compile("(?<!\\w)(?:" + names + ")(?!\\w)");
        }

        Path of(String path) {
            return places.get(path);
        }

        /** What a driver says of a place to its executors, it says of a place of its own. */
        String here(String text) {
            return named.matcher(otherPod.matcher(text).replaceAll("")).replaceAll(match -> Matcher.quoteReplacement(places.get(match.group()).toString()));
        }
    }
}
