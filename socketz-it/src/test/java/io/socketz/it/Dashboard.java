package io.socketz.it;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The dashboard for Grafana. */
final class Dashboard {
    private final JsonValue json;

    private Dashboard(JsonValue json) {
        this.json = json;
    }

    static Dashboard read() throws IOException {
        return new Dashboard(JsonValue.parse(Files.readString(Checkout.home().resolve("infra/grafana/socketz.json"))));
    }

    List<JsonValue> panels() {
        return json.get("panels").items();
    }

    /** What it asks Prometheus, with its variables. */
    List<String> queries() {
        return panels().stream()
                .flatMap(panel -> panel.get("targets").items().stream())
                .map(target -> target.get("expr").text())
                .toList();
    }
}
