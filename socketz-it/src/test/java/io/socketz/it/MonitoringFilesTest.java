package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files for Prometheus and Grafana, and what the documentation says of them. A real Prometheus reads them in {@link PrometheusIT}. */
class MonitoringFilesTest {
    private static String text(String file) throws IOException {
        return Files.readString(Checkout.home().resolve(file));
    }

    private static List<String> find(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String alerts() throws IOException {
        return text("infra/prometheus/alerts.yml");
    }

    private static List<String> alertNames() throws IOException {
        return find("^ +- alert: (\\w+)$", alerts());
    }

    @Test
    void theDocumentationExplainsEachAlertAndNoOther() throws Exception {
        List<String> documented = find("^\\| `(Socketz\\w+)` \\|", text("docs/operations/admin.md"));
        assertThat(alertNames()).isNotEmpty().isEqualTo(documented);
    }

    @Test
    void eachAlertHasASeverityASummaryADescriptionAndATest() throws Exception {
        List<String> names = alertNames();
        for (String part : List.of("expr", "labels: \\{severity", "summary", "description")) {
            assertThat(find("^ +(" + part + "): ", alerts())).as(part).hasSameSizeAs(names);
        }
        assertThat(find("alertname: (\\w+)", text("infra/prometheus/alerts.test.yml")))
                .containsAll(names);
    }

    @Test
    void alertsAndDashboardAskOnlyForDocumentedMetrics() throws Exception {
        List<String> documented = find("^\\| `(socketz_[a-z_]+)`", text("docs/operations/admin.md"));
        String asked = alerts() + String.join("\n", Dashboard.read().queries());
        assertThat(find("\\b(socketz_[a-z_]+?)(?:_bucket)?\\b", asked)).isSubsetOf(documented);
    }

    @Test
    void theDashboardNeedsNoPluginAndLetsItsReaderChooseTheDataSource() throws Exception {
        List<JsonValue> panels = Dashboard.read().panels();
        assertThat(panels).extracting(panel -> panel.get("type").text()).containsOnly("row", "stat", "timeseries");
        assertThat(panels).extracting(panel -> panel.get("id").text()).doesNotHaveDuplicates();
        assertThat(panels)
                .filteredOn(panel -> !panel.get("type").text().equals("row"))
                .allMatch(panel -> panel.get("datasource", "uid").text().equals("${datasource}"));
    }
}
