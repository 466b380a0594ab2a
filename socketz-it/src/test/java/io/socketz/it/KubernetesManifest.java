package io.socketz.it;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** An object of {@code infra/kubernetes}. */
final class KubernetesManifest {
    static final Path FOLDER = Checkout.home().resolve("infra/kubernetes");

    private final Object object;
    private final JsonValue value;

    private KubernetesManifest(Object object) {
        this.object = object;
        this.value = JsonValue.parse(new Gson().toJson(object));
    }

    /** The objects of a file. */
    static List<KubernetesManifest> read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** Fails if a key stands twice in a mapping. */
    static List<KubernetesManifest> parse(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<KubernetesManifest> objects = new ArrayList<>();
        for (Object object : new Yaml(new SafeConstructor(options)).loadAll(text)) {
            objects.add(new KubernetesManifest(object));
        }
        return objects;
    }

    String kind() {
        return value.get("kind").text();
    }

    String name() {
        return value.get("metadata", "name").text();
    }

    JsonValue get(String... path) {
        return value.get(path);
    }

    /** What is wrong with it by the schema of Kubernetes: an unknown or missing field, text in place of a list. Empty if
     * nothing is. Whether a number is one, it does not see. */
    String violation() throws Exception {
        String model = "io.kubernetes.client.openapi.models.V1" + kind();
        JsonElement json = new Gson().toJsonTree(object);
        try {
            Class.forName(model)
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, json);
            return "";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        }
    }

    /** The pod of a workload; {@link #isWorkload}. */
    JsonValue pod() {
        return value.get("spec", "template", "spec");
    }

    boolean isWorkload() {
        return kind().equals("StatefulSet") || kind().equals("Deployment");
    }

    /** Labels of its pods. */
    Map<String, String> podLabels() {
        return labels(value.get("spec", "template", "metadata", "labels"));
    }

    JsonValue container() {
        List<JsonValue> containers = pod().get("containers").items();
        if (containers.size() != 1) {
            throw new AssertionError(name() + " has " + containers.size() + " containers");
        }
        return containers.get(0);
    }

    /** Its container's variables with a value; {@code ""} for those that Kubernetes fills in. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (JsonValue variable : container().get("env").items()) {
            variables.put(variable.get("name").text(), variable.get("value").text());
        }
        return variables;
    }

    /** Its container's ports by name. */
    Map<String, String> ports() {
        Map<String, String> ports = new LinkedHashMap<>();
        for (JsonValue port : container().get("ports").items()) {
            ports.put(port.get("name").text(), port.get("containerPort").text());
        }
        return ports;
    }

    static Map<String, String> labels(JsonValue labels) {
        Map<String, String> all = new LinkedHashMap<>();
        labels.fields().forEach((name, label) -> all.put(name, label.text()));
        return all;
    }

    @Override
    public String toString() {
        return kind() + " " + name();
    }
}
