package sknet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sknet.cluster.DeployedCluster.Outcome;

/** The scripts of {@code deploy/standalone}, as far as nothing needs to be started. */
class StandaloneSettingsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "WORKERS=a                   | Cannot use WORKERS in line 1 of THIS: there is no such key (expected one of DATANODE_IPC_PORT ",
        "MASTER_HOST                 | Cannot read line 1 of THIS: MASTER_HOST (expected KEY=value)",
        "MASTER_HOST=a b             | Cannot use MASTER_HOST=a b of THIS (expected the name or address of one host)",
        "MASTER_HOST=0.0.0.0         | Cannot use the host 0.0.0.0 of THIS (expected addresses by which others reach the hosts)",
        "WORKER_HOSTS=a b a          | Cannot use WORKER_HOSTS=a b a of THIS (expected each host once)",
        "EXECUTOR_MEMORY=1           | Cannot use EXECUTOR_MEMORY=1 of THIS (expected a size such as 512m or 4g)",
        "EXECUTORS_PER_WORKER=0      | Cannot use EXECUTORS_PER_WORKER=0 of THIS (expected a number from 1)",
        "NAMENODE_PORT=0             | Cannot use NAMENODE_PORT=0 of THIS (expected a port from 1)",
        "GPU_SCRIPT=here             | Cannot use GPU_SCRIPT=here of THIS (expected an absolute path without blanks, or nothing)",
        "GPU_SCRIPT=/no/script       | Cannot use GPU_SCRIPT=/no/script of THIS (expected a script that can be run, such as ",
        "HADOOP_CONF=/no/conf        | Cannot use HADOOP_CONF=/no/conf of THIS (expected a directory with a core-site.xml)",
        "SECRET_FILE=/no/secret      | Cannot read SECRET_FILE=/no/secret of THIS: it is not there",
    })
    void aMistakeIsOneLineThatNamesIt(String line, String message) throws Exception {
        Outcome outcome = configure(line);
        assertEquals(2, outcome.exitCode(), outcome::output);
        assertTrue(outcome.output().startsWith("cluster.sh: " + message.replace("THIS", file().toString())), outcome.output());
        assertEquals(1, outcome.output().lines().count(), outcome.output());
        assertFalse(Files.exists(directory.resolve("cluster/conf/spark-defaults.conf")));
    }

    @Test
    void aSecretThatOthersCanReadIsRefused() throws Exception {
        Path secret = secret("0123456789abcdef", "rw-r-----");
        assertTrue(configure("SECRET_FILE=" + secret).output().startsWith("cluster.sh: Cannot use SECRET_FILE=" + secret + " of " + file()
            + ": its mode is 640 (expected 600: no one else may read it)"));
    }

    @Test
    void aShortSecretIsRefusedAndNotTold() throws Exception {
        Outcome outcome = configure("SECRET_FILE=" + secret("sesame", "rw-------"));
        assertTrue(outcome.output().contains("(expected a line of at least 16 letters, digits and +/=_.-)"), outcome.output());
        assertFalse(outcome.output().contains("sesame"), outcome.output());
    }

    @Test
    void theSecretIsInAFileOfItsOwnerAlone() throws Exception {
        Outcome outcome = configure("SECRET_FILE=" + secret("0123456789abcdef", "rw-------"));
        assertEquals(0, outcome.exitCode(), outcome::output);
        Path defaults = directory.resolve("cluster/conf/spark-defaults.conf");
        assertTrue(Files.readString(defaults).contains("spark.authenticate.secret          0123456789abcdef\n"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(defaults)));
    }

    @Test
    void executorsOfAllWorkersAreCounted() throws Exception {
        configure("WORKER_HOSTS=127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.5\nEXECUTORS_PER_WORKER=3\nEXECUTOR_CORES=2");
        assertTrue(written("spark-defaults.conf").contains("spark.cores.max              24\n"));
        assertTrue(written("hdfs-site.xml").contains("<name>dfs.replication</name><value>3</value>"));
        assertTrue(written("core-site.xml").contains("<name>fs.defaultFS</name><value>hdfs://127.0.0.1:8020</value>"));
    }

    @Test
    void anHdfsThatIsThereIsUsed() throws Exception {
        Files.writeString(directory.resolve("core-site.xml"), "<configuration/>");
        configure("HADOOP_CONF=" + directory);
        assertTrue(written("spark-env.sh").contains("HADOOP_CONF_DIR=" + directory + "\n"));
        assertFalse(Files.exists(directory.resolve("cluster/conf/core-site.xml")));
    }

    @Test
    void gpusAreListedAsSparkWantsThem() throws Exception {
        assertEquals(new Outcome(0, "{\"name\":\"gpu\",\"addresses\":[\"0\",\"1\"]}\n"), gpus("printf '0\\n1\\n'"));
    }

    @Test
    void withoutAGpuTheReasonIsTold() throws Exception {
        assertEquals(new Outcome(1, "gpus.sh: Cannot list GPUs: nvidia-smi says: No devices were found\n"),
            gpus("echo No devices were found; exit 6"));
        assertEquals(new Outcome(1, "gpus.sh: Cannot list GPUs: nvidia-smi says: No devices were found (expected a number a line)\n"),
            gpus("echo No devices were found"));
    }

    private Outcome gpus(String nvidiaSmi) throws Exception {
        Path program = Files.writeString(directory.resolve("nvidia-smi"), "#!/bin/sh\n" + nvidiaSmi + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return DeployedCluster.run(Map.of("PATH", directory + ":" + System.getenv("PATH")), DeployedCluster.script("gpus.sh"));
    }

    private Path file() {
        return directory.resolve("cluster.conf");
    }

    private Outcome configure(String lines) throws Exception {
        Files.writeString(file(), lines + "\nDIRECTORY=" + directory + "/cluster\n");
        return DeployedCluster.run(Map.of(), DeployedCluster.script("cluster.sh"), "--conf", file().toString(), "configure");
    }

    private Path secret(String text, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private String written(String name) throws IOException {
        return Files.readString(directory.resolve("cluster/conf").resolve(name));
    }
}
