package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.KubernetesConf;
import org.apache.spark.deploy.k8s.KubernetesExecutorConf;
import org.apache.spark.deploy.k8s.SparkPod;
import org.apache.spark.internal.config.package$;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import sknet.cluster.KubernetesFiles;

/** The pod that Spark makes for an executor of the template and the settings in {@code deploy/kubernetes}. */
class KubernetesExecutorTest {

    @TempDir
    private Path directory;

    @Test
    void anExecutorHasAGpuAndLimitsWhereTheSettingsSaySo() throws IOException {
        PodSpec spec = executor("spark.conf", "gpu.conf");
        Container container = spec.getContainers().get(0);
        Map<String, Quantity> limits = container.getResources().getLimits();
        assertEquals(new Quantity("1"), limits.get("nvidia.com/gpu"));
        assertEquals(new Quantity("4"), limits.get("cpu"));
        // A tenth more than the heap, where nobody says what is needed outside of it.
        assertEquals(new Quantity("4505Mi"), limits.get("memory"));
        assertTrue(spec.getTolerations().stream().anyMatch(toleration -> toleration.getKey().equals("nvidia.com/gpu")));
    }

    @Test
    void anExecutorIsConfinedAndHasNeitherRightsNorTheSecretInItsVariables() throws IOException {
        PodSpec spec = executor("spark.conf");
        KubernetesFilesTest.assertConfined("executor", spec);
        assertEquals("sknet-executor", spec.getServiceAccountName());
        assertEquals(Boolean.FALSE, spec.getAutomountServiceAccountToken());
        Container container = spec.getContainers().get(0);
        assertEquals("registry.example/sknet:0.1.0", container.getImage());
        assertTrue(container.getResources().getLimits().keySet().stream().noneMatch(name -> name.contains("gpu")));
        assertTrue(container.getEnv().stream().map(EnvVar::getName).noneMatch(SecurityManager.ENV_AUTH_SECRET()::equals));
        assertTrue(container.getEnv().stream().anyMatch(variable -> "-Dspark.authenticate.secret.file=/etc/sknet/auth/secret".equals(variable.getValue())));
        assertTrue(container.getEnv().stream().anyMatch(v -> v.getName().equals("SPARK_LOCAL_DIRS") && v.getValue().equals("/var/sknet")));
    }

    private PodSpec executor(String... files) throws IOException {
        SparkConf conf = new SparkConf(false).set("spark.app.name", "test").set("spark.master", "k8s://https://127.0.0.1").set("spark.driver.host", "driver")
            .set("spark.kubernetes.executor.podTemplateFile", KubernetesFiles.DIRECTORY.resolve("executor.yaml").toString());
        for (String file : files) {
            Files.readAllLines(KubernetesFiles.DIRECTORY.resolve(file)).stream().filter(line -> line.startsWith("spark."))
                .forEach(line -> conf.set(line.split("\\s+", 2)[0], line.split("\\s+", 2)[1]));
        }
        KubernetesExecutorConf executor = KubernetesConf.createExecutorConf(conf, "1", "application", Option.empty(), ResourceProfile$.MODULE$.DEFAULT_RESOURCE_PROFILE_ID());
        try (KubernetesClient client = new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            SparkConf driver = conf.clone().set("spark.authenticate.secret.file", Files.writeString(directory.resolve("secret"), "of the driver").toString());
            SecurityManager security = new SecurityManager(driver, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE());
            SparkPod pod = new KubernetesExecutorBuilder().buildFromFeatures(executor, security, client, ResourceProfile$.MODULE$.getOrCreateDefaultProfile(conf)).pod();
            return new PodBuilder(pod.pod()).editSpec().addToContainers(pod.container()).endSpec().build().getSpec();
        } finally {
            ResourceProfile$.MODULE$.clearDefaultProfile();
        }
    }
}
