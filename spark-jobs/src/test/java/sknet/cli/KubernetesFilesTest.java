package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.internal.config.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import sknet.cluster.KubernetesFiles;

/** The files of {@code deploy/kubernetes} by themselves: what they name is there, and what they allow is little. */
class KubernetesFilesTest {

    private static final Set<String> LAUNCHER_OPTIONS = Set.of("--master", "--deploy-mode", "--spark-conf", "--spark-conf-file");

    static List<String> manifests() throws IOException {
        try (Stream<Path> files = Files.list(KubernetesFiles.DIRECTORY)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".yaml") && !name.equals("kustomization.yaml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void kubernetesKnowsEveryField(String file) throws Exception {
        List<HasMetadata> objects = KubernetesFiles.read(file);
        assertFalse(objects.isEmpty());
        for (HasMetadata object : objects) {
            List<String> unknown = new ArrayList<>();
            addUnknown(object.getKind(), object, unknown);
            assertEquals(List.of(), unknown, file);
        }
    }

    @Test
    void aFieldThatKubernetesDoesNotKnowIsFound() throws Exception {
        Pod pod = Serialization.unmarshal("kind: Pod\napiVersion: v1\nspec: {containers: [{securityContext: {runAsNotRoot: true}}]}", Pod.class);
        List<String> unknown = new ArrayList<>();
        addUnknown("Pod", pod, unknown);
        assertEquals(List.of("Pod.spec.containers.securityContext.runAsNotRoot"), unknown);
    }

    @Test
    void podsAreConfined() throws IOException {
        assertConfined("driver.yaml", KubernetesFiles.read("driver.yaml", Pod.class).getSpec());
        assertConfined("executor.yaml", KubernetesFiles.read("executor.yaml", Pod.class).getSpec());
        assertConfined("train.yaml", job().getSpec().getTemplate().getSpec());
        assertConfined("evaluate.yaml", cronJob().getSpec().getJobTemplate().getSpec().getTemplate().getSpec());
    }

    /** What the strictest of Kubernetes' standards for pods asks for, a file system that cannot be written, limits, and volumes for what is mounted. */
    static void assertConfined(String name, PodSpec spec) {
        PodSecurityContext security = spec.getSecurityContext();
        assertEquals(Boolean.TRUE, security.getRunAsNonRoot(), name);
        assertTrue(security.getRunAsUser() > 0, name);
        assertEquals("RuntimeDefault", security.getSeccompProfile().getType(), name);
        assertFalse(Boolean.TRUE.equals(spec.getHostNetwork()) || Boolean.TRUE.equals(spec.getHostPID()) || Boolean.TRUE.equals(spec.getHostIPC()), name);
        Set<String> volumes = spec.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
        spec.getVolumes().forEach(volume -> assertTrue(volume.getEmptyDir() != null || volume.getConfigMap() != null || volume.getSecret() != null, volume::toString));
        for (Container container : spec.getContainers()) {
            SecurityContext own = container.getSecurityContext();
            assertEquals(Boolean.FALSE, own.getAllowPrivilegeEscalation(), name);
            assertEquals(Boolean.TRUE, own.getReadOnlyRootFilesystem(), name);
            assertEquals(List.of("ALL"), own.getCapabilities().getDrop(), name);
            assertTrue(own.getCapabilities().getAdd().isEmpty(), name);
            assertNotNull(container.getResources().getLimits().get("ephemeral-storage"), name);
            Set<String> mounted = container.getVolumeMounts().stream().map(VolumeMount::getName).collect(Collectors.toSet());
            assertEquals(volumes, mounted, name);
            assertTrue(container.getVolumeMounts().stream().anyMatch(mount -> mount.getMountPath().equals("/tmp")), name);
        }
    }

    @Test
    void jobsLimitTheirDriversAndGiveThemTimeForACheckpoint() throws IOException {
        for (PodSpec spec : List.of(job().getSpec().getTemplate().getSpec(), cronJob().getSpec().getJobTemplate().getSpec().getTemplate().getSpec())) {
            assertTrue(spec.getContainers().get(0).getResources().getLimits().keySet().containsAll(Set.of("cpu", "memory")));
            assertEquals("Never", spec.getRestartPolicy());
        }
        assertTrue(job().getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds() >= 300);
        assertTrue(KubernetesFiles.read("driver.yaml", Pod.class).getSpec().getTerminationGracePeriodSeconds() >= 300);
        assertEquals("Forbid", cronJob().getSpec().getConcurrencyPolicy());
    }

    @Test
    void noRightIsForEverythingOrForTheWholeCluster() throws IOException {
        List<HasMetadata> objects = KubernetesFiles.read("access.yaml");
        assertTrue(objects.stream().noneMatch(object -> object.getKind().startsWith("Cluster")));
        for (PolicyRule rule : KubernetesFiles.read("access.yaml", Role.class).getRules()) {
            assertEquals(List.of(""), rule.getApiGroups());
            assertFalse(rule.getVerbs().contains("*") || rule.getResources().contains("*") || rule.getResources().contains("secrets"), rule::toString);
        }
    }

    @Test
    void jobsRunCommandsThatThereAre() throws IOException {
        assertAccepted(job().getSpec().getTemplate().getSpec().getContainers().get(0).getArgs());
        assertAccepted(cronJob().getSpec().getJobTemplate().getSpec().getTemplate().getSpec().getContainers().get(0).getArgs());
    }

    private static void assertAccepted(List<String> arguments) {
        int command = 0;
        while (LAUNCHER_OPTIONS.contains(arguments.get(command))) {
            command += 2;
        }
        CommandLine.ParseResult parsed = new CommandLine(Main.commands()).parseArgs(arguments.subList(command, arguments.size()).toArray(String[]::new));
        assertTrue(parsed.hasSubcommand(), arguments::toString);
        assertEquals(List.of(), parsed.unmatched());
        arguments.stream().filter(argument -> argument.startsWith("--set="))
            .forEach(argument -> Settings.load(List.of(), List.of(), List.of(argument.substring("--set=".length()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark.conf", "gpu.conf"})
    void sparkKnowsEverySetting(String file) throws Exception {
        for (String holder : List.of("org.apache.spark.internal.config.package$", "org.apache.spark.internal.config.Network$",
            "org.apache.spark.deploy.k8s.Config$")) {
            Class.forName(holder);
        }
        for (String line : Files.readAllLines(KubernetesFiles.DIRECTORY.resolve(file))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String key = line.split("\\s+")[0];
                // Settings of kinds of resources are not declared one by one.
                assertTrue(key.contains(".resource.gpu.") || ConfigEntry.findEntry(key) != null, key);
            }
        }
    }

    @Test
    void theClientOfHdfsIsConfigured() throws IOException {
        Configuration configuration = new Configuration(false);
        for (String file : List.of("core-site.xml", "hdfs-site.xml")) {
            configuration.addResource(Files.newInputStream(KubernetesFiles.DIRECTORY.resolve("hadoop").resolve(file)));
        }
        assertTrue(configuration.get("fs.defaultFS").startsWith("hdfs://"));
    }

    @Test
    void theKustomizationNamesWhatIsThere() throws IOException {
        Map<?, ?> kustomization = Serialization.unmarshal(Files.newInputStream(KubernetesFiles.DIRECTORY.resolve("kustomization.yaml")), Map.class);
        List<String> named = new ArrayList<>();
        ((List<?>) kustomization.get("resources")).forEach(file -> named.add((String) file));
        ((List<?>) kustomization.get("configMapGenerator")).forEach(map -> ((List<?>) ((Map<?, ?>) map).get("files")).forEach(file -> named.add((String) file)));
        named.forEach(file -> assertTrue(Files.exists(KubernetesFiles.DIRECTORY.resolve(file)), file));
    }

    @Test
    void theImageIsMadeOfWhatIsThereAndDoesNotRunAsRoot() throws IOException {
        List<String> lines = Files.readAllLines(KubernetesFiles.DIRECTORY.resolve("Dockerfile"));
        List<String> copied = lines.stream().filter(line -> line.startsWith("COPY ") && !line.contains("--from=")).map(line -> line.split(" ")[1]).toList();
        assertTrue(copied.size() > 5);
        List<String> context = Files.readAllLines(KubernetesFiles.DIRECTORY.resolve("Dockerfile.dockerignore"));
        for (String source : copied) {
            assertTrue(Files.exists(Path.of("..", source)), source);
            assertTrue(context.contains("!" + source), source + " in the build's context");
        }
        String user = lines.stream().filter(line -> line.startsWith("USER ")).reduce((first, second) -> second).orElseThrow();
        assertEquals("USER " + job().getSpec().getTemplate().getSpec().getSecurityContext().getRunAsUser() + ":"
            + job().getSpec().getTemplate().getSpec().getSecurityContext().getRunAsGroup(), user);
    }

    @Test
    void theImageHasTheScriptThatFindsGpus() throws IOException {
        String key = "spark.executor.resource.gpu.discoveryScript";
        String script = Files.readAllLines(KubernetesFiles.DIRECTORY.resolve("gpu.conf")).stream().filter(line -> line.startsWith(key)).findFirst()
            .orElseThrow().substring(key.length()).strip();
        assertTrue(Files.isExecutable(Path.of("..", script.replace("/opt/sknet/", ""))), script);
    }

    private static Job job() throws IOException {
        return KubernetesFiles.read("train.yaml", Job.class);
    }

    private static CronJob cronJob() throws IOException {
        return KubernetesFiles.read("evaluate.yaml", CronJob.class);
    }

    /** Kubernetes' classes keep fields that they do not know aside. */
    private static void addUnknown(String place, Object value, List<String> unknown) throws IllegalAccessException {
        if (value instanceof Collection<?> many) {
            for (Object one : many) {
                addUnknown(place, one, unknown);
            }
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
            for (Class<?> type = value.getClass(); type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (Modifier.isStatic(field.getModifiers())) {
                        continue;
                    }
                    field.setAccessible(true);
                    Object content = field.get(value);
                    if (!field.getName().equals("additionalProperties")) {
                        addUnknown(place + "." + field.getName(), content, unknown);
                    } else if (content != null) {
                        ((Map<?, ?>) content).keySet().forEach(key -> unknown.add(place + "." + key));
                    }
                }
            }
        }
    }
}
