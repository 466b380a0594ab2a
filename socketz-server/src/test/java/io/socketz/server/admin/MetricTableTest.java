package io.socketz.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricTableTest {
    private static List<String> names() {
        return MetricTable.ROWS.stream().map(MetricRow::name).toList();
    }

    @Test
    void theDocumentationNamesEachMetricAndNoOther() throws Exception {
        String docs = Files.readString(Path.of("../docs/operations/admin.md"));
        List<String> documented = Pattern.compile("(?m)^\\| `(socketz_[a-z_]+)`")
                .matcher(docs)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(documented).containsExactlyElementsOf(names());
    }

    /** OpenMetrics 1.0, and Prometheus's own advice. */
    @Test
    void namesHaveBaseUnitsAndCountersASuffix() {
        assertThat(names())
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("socketz(_[a-z]+)+"))
                .noneMatch(name -> name.matches(".*_(ms|millis|kb|mb|minutes|percent)(_.*)?"));
        for (MetricRow row : MetricTable.ROWS) {
            assertThat(row.help()).as(row.name()).endsWith(".").hasSizeLessThan(120);
        }
    }
}
