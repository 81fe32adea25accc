package sknet.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code deploy/kubernetes} says, by the classes of Kubernetes' client. */
public final class KubernetesFiles {

    /** Where the files are. */
    public static final Path DIRECTORY = Path.of("..", "deploy", "kubernetes").toAbsolutePath().normalize();

    private KubernetesFiles() {
    }

    /** The objects of one file. */
    public static List<HasMetadata> read(String file) throws IOException {
        Object read = Serialization.unmarshal(Files.newInputStream(DIRECTORY.resolve(file)));
        if (read instanceof KubernetesResourceList<?> list) {
            return List.copyOf(list.getItems());
        }
        List<HasMetadata> objects = new ArrayList<>();
        if (read instanceof HasMetadata one) {
            objects.add(one);
        } else {
            ((List<?>) read).forEach(object -> objects.add((HasMetadata) object));
        }
        return objects;
    }

    /** The one object of a kind in a file. */
    public static <T extends HasMetadata> T read(String file, Class<T> kind) throws IOException {
        List<HasMetadata> found = read(file).stream().filter(kind::isInstance).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " objects of " + kind.getSimpleName() + " in " + file + " (expected 1)");
        }
        return kind.cast(found.get(0));
    }
}
