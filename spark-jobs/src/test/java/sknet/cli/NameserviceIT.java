package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSNNTopology;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.CheckpointStore;
import sknet.cluster.Job;

/** Jobs on an HDFS of two NameNodes, known to them by a nameservice alone, with the client's configuration of {@code deploy/hdfs}. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NameserviceIT {

    private static final String ROOT = "hdfs://nameservice";
    private static final Path DEPLOY = Path.of("..", "deploy", "hdfs").toAbsolutePath();
    private static final Path SPARK_DEFAULTS = Path.of("..", "conf", "spark").toAbsolutePath();

    @TempDir
    private static Path directory;
    private static MiniDFSCluster hdfs;
    private static FileSystem client;

    @BeforeAll
    static void start() throws IOException {
        Configuration servers = new Configuration();
        servers.setBoolean("dfs.namenode.ha.standby.checkpoints", false);
        servers.setInt("dfs.ha.tail-edits.period", 1);
        hdfs = new MiniDFSCluster.Builder(servers, directory.resolve("hdfs").toFile())
            .nnTopology(MiniDFSNNTopology.simpleHATopology()).numDataNodes(1).build();
        hdfs.waitActive();
        hdfs.transitionToActive(0);
        client = FileSystem.get(URI.create(ROOT), configure(Files.createDirectory(directory.resolve("conf"))));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        hdfs.shutdown();
    }

    /** The files of {@code deploy/hdfs} with this cluster's addresses and without Kerberos, which it has not. */
    private static Configuration configure(Path conf) throws IOException {
        Configuration core = template("core-site.xml");
        core.set("hadoop.security.authentication", "simple");
        core.set("hadoop.security.authorization", "false");
        core.unset("hadoop.rpc.protection");
        Configuration site = template("hdfs-site.xml");
        site.set("dfs.namenode.rpc-address.nameservice.nn1", "127.0.0.1:" + hdfs.getNameNodePort(0));
        site.set("dfs.namenode.rpc-address.nameservice.nn2", "127.0.0.1:" + hdfs.getNameNodePort(1));
        site.set("dfs.replication", "1");
        site.unset("dfs.namenode.kerberos.principal");
        site.unset("dfs.data.transfer.protection");
        write(core, conf.resolve("core-site.xml"));
        write(site, conf.resolve("hdfs-site.xml"));
        for (String name : List.of("spark-defaults.conf", "log4j2.properties", "metrics.properties")) {
            Files.copy(SPARK_DEFAULTS.resolve(name), conf.resolve(name));
        }
        Files.writeString(conf.resolve("spark-defaults.conf"), "\nspark.master local-cluster[2,1,1024]\nspark.executor.memory 1g\n",
            StandardOpenOption.APPEND);
        core.addResource(site);
        return core;
    }

    private static Configuration template(String name) {
        Configuration template = new Configuration(false);
        template.addResource(new org.apache.hadoop.fs.Path(DEPLOY.resolve(name).toUri()));
        return template;
    }

    private static void write(Configuration configuration, Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            configuration.writeXml(out);
        }
    }

    @Test
    void aTrainingGoesOnWithTheOtherNameNodeAndAllPathsAreOfTheNameservice() throws Exception {
        Path images = ImageFolder.write(directory.resolve("images"), 100, 50);
        finish(job("prepare", "folder", images.toUri().toString(), ROOT + "/data", "--set", "prepare.shard-bytes=20k"));
        finish(job("prepare", "verify", ROOT + "/data"));
        Job train = job("train", "--data", ROOT + "/data", "--output", ROOT + "/runs", "--set", "model.name=sknet-fashion", "--set",
            "model.image-size=16", "--set", "augmentation.kind=pad-crop", "--set", "batch.micro-batches=4", "--set", "batch.micro-batch-size=4",
            "--set", "train.runs=1", "--set", "train.epochs=4", "--set", "train.checkpoint-every-steps=2", "--set", "train.report-every-steps=1");
        CheckpointStore store = Training.checkpoints(client, new org.apache.hadoop.fs.Path("/runs/run-1"));
        train.await(() -> newestStep(store) >= 6);
        long newest = newestStep(store);
        hdfs.shutdownNameNode(0);
        long fault = System.nanoTime();
        hdfs.transitionToActive(1);
        train.await(() -> newestStep(store) > newest);
        System.out.printf("fault: NameNode lost, the other made active, next checkpoint after %.1f s%n", (System.nanoTime() - fault) / 1e9);
        finish(train);
        assertEquals(4, store.newest().orElseThrow().info().position().epoch());
        // Without a file system in them paths are the default file system's.
        finish(job("evaluate", "/runs", "--data", "/data"));
        Path page = directory.resolve("report.html");
        finish(job("report", ROOT + "/runs", page.toString()));
        assertTrue(Files.readString(page).contains("top-1"), "the report has the evaluation's result");
    }

    private static long newestStep(CheckpointStore store) {
        try {
            List<org.apache.hadoop.fs.Path> checkpoints = store.list();
            return checkpoints.isEmpty() ? -1 : CheckpointStore.step(checkpoints.get(checkpoints.size() - 1));
        } catch (IOException e) {
            return -1;
        }
    }

    private static void finish(Job job) throws InterruptedException {
        assertEquals(0, job.exitCode(), job::output);
    }

    private static Job job(String... arguments) throws IOException {
        List<String> settings = List.of("spark.executor.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        return Job.startWith(directory.resolve("conf"), Files.createTempFile(directory, "job", ".log"), settings, arguments);
    }
}
