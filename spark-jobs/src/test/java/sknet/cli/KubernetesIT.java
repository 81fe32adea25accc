package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.CheckpointStore;
import sknet.cluster.ContainerImage;
import sknet.cluster.HdfsProcesses;
import sknet.cluster.Job;
import sknet.cluster.KubernetesApi;
import sknet.cluster.KubernetesApi.Right;
import sknet.cluster.KubernetesFiles;
import sknet.cluster.PodProcess;
import sknet.cluster.PodProcesses;

/**
 * Training and evaluation on Kubernetes: Spark, the launcher, the image's entry and the files of {@code deploy/kubernetes} are the real ones; the API
 * server is a mock that keeps to the driver's role, and pods are processes of this machine.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KubernetesIT {

    private static final String NAMESPACE = "sknet";
    private static final String SECRET = "secret-of-the-test";
    private static final int EPOCHS = 6;

    @TempDir
    private static Path directory;
    private static HdfsProcesses hdfs;
    private static KubernetesApi api;
    private static KubernetesClient client;
    private static PodProcesses pods;
    private static String driverName;
    private static List<Pod> created;
    private static Job submitted;

    /** Trains in cluster mode, and kills an executor meanwhile. */
    @BeforeAll
    static void train() throws Exception {
        hdfs = HdfsProcesses.start(directory.resolve("hdfs"));
        Path images = ImageFolder.write(directory.resolve("images"), 100, 50);
        List<String> files = HdfsProcesses.clientSettings().entrySet().stream().map(e -> "spark.hadoop." + e.getKey() + "=" + e.getValue()).toList();
        Job prepare = Job.start(directory.resolve("prepare.log"), "local[1]", files, "prepare", "folder", images.toUri().toString(), hdfs.uri() + "/data",
            "--set", "prepare.shard-bytes=20k");
        assertEquals(0, prepare.exitCode(), prepare::output);

        api = KubernetesApi.start(KubernetesFiles.read("access.yaml", Role.class));
        client = api.client(NAMESPACE);
        createNamespace();
        pods = PodProcesses.start(api, NAMESPACE, ContainerImage.assemble(directory.resolve("image")), directory.resolve("pods"));

        List<String> arguments = new ArrayList<>(List.of("--deploy-mode", "cluster", "--spark-conf-file", KubernetesFiles.DIRECTORY.resolve("spark.conf").toString()));
        arguments.addAll(small("spark.kubernetes.authenticate.driver.mounted.oauthTokenFile"));
        arguments.addAll(List.of("--spark-conf", "spark.kubernetes.driver.master=" + api.url()));
        arguments.addAll(List.of("train", "--data=" + hdfs.uri() + "/data", "--output=" + hdfs.uri() + "/cluster"));
        arguments.addAll(settings());
        submitted = Job.start(directory.resolve("submit.log"), "k8s://" + api.url(), List.of("spark.kubernetes.report.interval=200ms"),
            arguments.toArray(String[]::new));
        submitted.await(() -> checkpoints("cluster") >= 3, pods::logs);
        created = client.pods().list().getItems();
        driverName = created.stream().map(KubernetesIT::name).filter(name -> name.endsWith("-driver")).findFirst().orElseThrow();
        pods.pod(created.stream().map(KubernetesIT::name).filter(name -> name.contains("-exec-")).findFirst().orElseThrow()).kill();
        assertEquals(0, submitted.exitCode(), pods::logs);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable part : new AutoCloseable[] {pods, client, api, hdfs}) {
            if (part != null) {
                part.close();
            }
        }
    }

    @Test
    void aTrainingInClusterModeThatLosesAnExecutorGetsAnother() throws Exception {
        PodProcess driver = pods.pod(driverName);
        assertEquals(0, driver.exitCode(), driver.log());
        assertTrue(driver.log().contains("restart 1 from the newest checkpoint: "), driver.log());
        assertEquals(EPOCHS, epochs("cluster"));
        assertEquals(3, created.size(), () -> Serialization.asYaml(created));
    }

    @Test
    void theRoleAllowsWhatTheDriverAsksForAndNothingElse() throws IOException {
        assertEquals(Right.of(KubernetesFiles.read("access.yaml", Role.class)).toString(), api.used().stream().sorted().toList().toString());
    }

    @Test
    void podsAreConfinedAndTheSecretIsInNoneOfTheirDescriptions() {
        for (Pod pod : created) {
            KubernetesFilesTest.assertConfined(name(pod), pod.getSpec());
            assertEquals(Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken()), name(pod).contains("-exec-"), name(pod));
            assertEquals(name(pod).contains("-exec-") ? "sknet-executor" : "sknet-driver", pod.getSpec().getServiceAccountName());
            assertEquals(NAMESPACE, pod.getMetadata().getLabels().get("app.kubernetes.io/name"));
        }
        assertFalse(Serialization.asYaml(created).contains(SECRET));
        assertFalse(Serialization.asYaml(client.configMaps().list()).contains(SECRET));
        assertFalse(submitted.output().contains(SECRET), submitted::output);
    }

    @Test
    void aJobWhosePodIsToldToEndGoesOnInAnother() throws Exception {
        PodTemplateSpec template = KubernetesFiles.read("train.yaml", io.fabric8.kubernetes.api.model.batch.v1.Job.class).getSpec().getTemplate();
        PodProcess first = run("train-1", template, "/job", settings());
        await(first, () -> checkpoints("job") >= 3);
        first.terminate();
        assertEquals(143, first.exitCode(), first.log());
        assertTrue(epochs("job") < EPOCHS, "it ended before its time");
        PodProcess second = run("train-2", template, "/job", settings());
        assertEquals(0, second.exitCode(), second.log());
        assertTrue(second.log().contains("resuming at step "), second.log());
        assertEquals(sha256("cluster"), sha256("job"));
    }

    @Test
    void aCronJobEvaluates() throws Exception {
        PodTemplateSpec template = KubernetesFiles.read("evaluate.yaml", CronJob.class).getSpec().getJobTemplate().getSpec().getTemplate();
        PodProcess pod = run("evaluate-1", template, "/cluster", List.of());
        assertEquals(0, pod.exitCode(), pod.log());
        assertTrue(hdfs.client().exists(new org.apache.hadoop.fs.Path("/cluster/evaluation.json")), pod.log());
    }

    @Test
    void aSecretThatIsNotThereIsToldAndTheJobDoesNotTryAgain() throws Exception {
        PodTemplateSpec template = KubernetesFiles.read("train.yaml", io.fabric8.kubernetes.api.model.batch.v1.Job.class).getSpec().getTemplate();
        template.getSpec().getContainers().get(0).getArgs().addAll(4, List.of("--spark-conf", "spark.authenticate.secret.file=/etc/sknet/auth/other"));
        PodProcess pod = run("train-without-secret", template, "/refused", settings());
        assertEquals(Main.USAGE, pod.exitCode(), pod.log());
        assertTrue(pod.log().contains("No file found containing the secret key at ") && pod.log().contains("/etc/sknet/auth/other"), pod.log());
    }

    /** As deploy/kubernetes says, but for this machine's HDFS. */
    private static void createNamespace() throws IOException {
        client.resourceList(KubernetesFiles.read("access.yaml")).create();
        client.resource(new SecretBuilder().withNewMetadata().withName("sknet-auth").endMetadata()
            .addToData("secret", Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8))).build()).create();
        client.resource(new ConfigMapBuilder().withNewMetadata().withName("sknet-spark").endMetadata()
            .addToData("spark.conf", Files.readString(KubernetesFiles.DIRECTORY.resolve("spark.conf"))).build()).create();
        String properties = HdfsProcesses.clientSettings().entrySet().stream()
            .map(e -> "<property><name>" + e.getKey() + "</name><value>" + e.getValue() + "</value></property>").collect(Collectors.joining());
        client.resource(new ConfigMapBuilder().withNewMetadata().withName("sknet-hadoop").endMetadata()
            .addToData("hdfs-site.xml", "<configuration>" + properties + "</configuration>").build()).create();
    }

    /** Does what Kubernetes' controllers do: makes a pod of a Job's template. Its arguments are those of the file, for this machine. */
    private static PodProcess run(String name, PodTemplateSpec template, String output, List<String> settings) throws Exception {
        List<String> arguments = new ArrayList<>();
        for (String argument : template.getSpec().getContainers().get(0).getArgs()) {
            arguments.add(argument.replace("k8s://https://kubernetes.default.svc", "k8s://" + api.url())
                .replaceAll("hdfs://[^/]*/data/.*", hdfs.uri() + "/data").replaceAll("hdfs://[^/]*/runs/.*", hdfs.uri() + output));
        }
        arguments.addAll(4, small("spark.kubernetes.authenticate.oauthTokenFile"));
        arguments.addAll(settings);
        Pod pod = new PodBuilder().withNewMetadataLike(template.getMetadata()).withName(name).endMetadata().withSpec(template.getSpec())
            .editSpec().editFirstContainer().withArgs(arguments).endContainer().endSpec().build();
        client.resource(pod).create();
        while (pods.pod(name) == null) {
            Thread.sleep(20);
        }
        return pods.pod(name);
    }

    /** Spark's settings for this machine, and the token by which the driver is known: nothing mounts that of its service account here. */
    private static List<String> small(String token) throws IOException {
        return Stream.of("spark.executor.cores=1", "spark.kubernetes.executor.limit.cores=1", "spark.executor.memory=1g", "spark.driver.memory=1g",
            "spark.ui.enabled=false", "spark.driver.port=" + Job.freePort(), "spark.driver.blockManager.port=" + Job.freePort(), "spark.blockManager.port=0",
            "spark.executor.extraJavaOptions=-XX:+UseSerialGC", "spark.driver.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            token + "=" + Files.writeString(directory.resolve("driver.token"), KubernetesApi.DRIVER_TOKEN)).flatMap(setting -> Stream.of("--spark-conf", setting)).toList();
    }

    private static List<String> settings() {
        return Stream.of("model.name=sknet-fashion", "model.image-size=16", "augmentation.kind=pad-crop", "batch.micro-batches=4", "batch.micro-batch-size=4",
            "optimizer.learning-rate=0.05", "train.runs=1", "train.epochs=" + EPOCHS, "train.checkpoint-every-steps=2").map(setting -> "--set=" + setting).toList();
    }

    private static void await(PodProcess pod, BooleanSupplier condition) throws Exception {
        while (!condition.getAsBoolean()) {
            assertTrue(pod.isAlive(), pod.log());
            Thread.sleep(50);
        }
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }

    private static CheckpointStore store(String output) {
        return Training.checkpoints(hdfs.client(), Training.runDirectory(new org.apache.hadoop.fs.Path("/" + output), 1));
    }

    private static int checkpoints(String output) {
        try {
            return store(output).list().size();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int epochs(String output) throws IOException {
        return store(output).newest().orElseThrow().info().position().epoch();
    }

    private static String sha256(String output) throws IOException {
        return store(output).newest().orElseThrow().info().parametersSha256();
    }
}
