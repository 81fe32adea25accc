package sknet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.Headers;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * An API server of Kubernetes on 127.0.0.1 that keeps objects, tells watchers of them, and lets who comes with the driver's token do only what a
 * role allows. It runs nothing: that is what {@link PodProcesses} does.
 */
public final class KubernetesApi implements AutoCloseable {

    /** The token of the driver's service account. Others, who have none, may do everything. */
    public static final String DRIVER_TOKEN = "token-of-the-driver";

    /** Held, so that its level lasts: by default it tells of every request. */
    private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

    private final KubernetesMockServer server;
    private final Set<Right> used = new ConcurrentSkipListSet<>();

    private KubernetesApi(Role role) {
        REQUESTS.setLevel(Level.WARNING);
        Set<Right> granted = Right.of(role);
        this.server = new KubernetesMockServer(new Context(Serialization.jsonMapper()), new MockWebServer(), new HashMap<>(), new Dispatcher(granted, used), false);
    }

    /** @param role of the driver */
    public static KubernetesApi start(Role role) {
        KubernetesApi api = new KubernetesApi(role);
        api.server.init(InetAddress.getLoopbackAddress(), 0);
        return api;
    }

    /** For {@code k8s://}. */
    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** A client that may do everything. */
    public KubernetesClient client(String namespace) {
        Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url()).withNamespace(namespace).build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** What the driver has asked for so far, allowed or not. */
    public Set<Right> used() {
        return Set.copyOf(used);
    }

    @Override
    public void close() {
        server.destroy();
    }

    /** Something that a role allows. */
    public record Right(String resource, String verb) implements Comparable<Right> {

        /** All that a role of one API group says. */
        public static Set<Right> of(Role role) {
            Set<Right> rights = new ConcurrentSkipListSet<>();
            role.getRules().forEach(rule -> rule.getResources().forEach(resource -> rule.getVerbs().forEach(verb -> rights.add(new Right(resource, verb)))));
            return rights;
        }

        static Right of(RecordedRequest request) {
            String[] path = request.getPath().split("\\?", 2);
            List<String> parts = List.of(path[0].substring(1).split("/"));
            int resource = parts.indexOf("namespaces") + 2;
            boolean named = parts.size() > resource + 1;
            boolean watched = path.length > 1 && path[1].contains("watch=true");
            String verb = switch (request.getMethod()) {
                case "GET" -> watched ? "watch" : named ? "get" : "list";
                case "POST" -> "create";
                case "PUT" -> "update";
                case "PATCH" -> "patch";
                case "DELETE" -> named ? "delete" : "deletecollection";
                default -> request.getMethod();
            };
            return new Right(parts.get(resource), verb);
        }

        @Override
        public int compareTo(Right other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return verb + " " + resource;
        }
    }

    /** Adds to the mock what Spark relies on: rights, server-side apply, and that a new pod is pending. */
    private static final class Dispatcher extends KubernetesCrudDispatcher {

        private final Set<Right> granted;
        private final Set<Right> used;

        Dispatcher(Set<Right> granted, Set<Right> used) {
            this.granted = granted;
            this.used = used;
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            if (("Bearer " + DRIVER_TOKEN).equals(request.getHeader("Authorization"))) {
                Right right = Right.of(request);
                used.add(right);
                if (!granted.contains(right)) {
                    return new MockResponse().setResponseCode(403).setBody("{\"kind\":\"Status\",\"message\":\"the driver may not " + right + "\"}");
                }
            }
            return super.dispatch(request);
        }

        @Override
        public MockResponse handleCreate(RecordedRequest request) {
            ObjectNode object = body(request);
            if (object.path("kind").asText().equals("Pod")) {
                object.putObject("status").put("phase", "Pending");
            }
            return super.handleCreate(request("POST", request.getPath(), "application/json", object));
        }

        @Override
        public MockResponse handlePatch(RecordedRequest request) {
            if (!request.getHeader("Content-Type").contains("apply-patch")) {
                return super.handlePatch(request);
            }
            ObjectNode object = body(request);
            String path = request.getPath().split("\\?", 2)[0];
            return handleGet(path).getStatus().contains("404")
                ? super.handleCreate(request("POST", path.substring(0, path.lastIndexOf('/')), "application/json", object))
                : super.handlePatch(request("PATCH", path, "application/merge-patch+json", object));
        }

        private static ObjectNode body(RecordedRequest request) {
            JsonNode node = Serialization.unmarshal(request.getBody().readUtf8(), ObjectNode.class);
            return (ObjectNode) node;
        }

        private static RecordedRequest request(String method, String path, String type, ObjectNode body) {
            String text = Serialization.asJson(body);
            Buffer buffer = new Buffer().writeUtf8(text);
            return new RecordedRequest(method + " " + path + " HTTP/1.1", Headers.of("Content-Type", type), List.of(), buffer.size(), buffer, 0, new Socket());
        }
    }
}
