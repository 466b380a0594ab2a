package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;

/** The poms as text: to ask Maven itself would take half a minute. */
class PomTest {
    /** Failsafe's own switch is skipITs. */
    @Test
    void skipTestsSkipsIntegrationTests() throws Exception {
        Path parent = Checkout.home().resolve("pom.xml");
        assertThat(evaluate(parent, "/project/properties/skipTests")).isEqualTo("false");
        assertThat(evaluate(parent, "/project/properties/skipITs")).isEqualTo("${skipTests}");
    }

    @Test
    void nothingElseDecidesWhichTestsAreSkipped() throws Exception {
        String configured = "count(//configuration/skipTests | //configuration/skipITs"
                + " | //plugin[artifactId = 'maven-failsafe-plugin']//skip)";
        String properties = "count(/project/properties/skipTests | /project/properties/skipITs"
                + " | //profile/properties/skipTests | //profile/properties/skipITs)";
        Path parent = Checkout.home().resolve("pom.xml");
        for (Path pom : poms()) {
            assertThat(evaluate(pom, configured)).as(pom.toString()).isEqualTo("0");
            assertThat(evaluate(pom, properties)).as(pom.toString()).isEqualTo(pom.equals(parent) ? "2" : "0");
        }
    }

    private static List<Path> poms() throws Exception {
        try (Stream<Path> poms = Files.find(Checkout.home(), 2, (path, file) -> path.endsWith("pom.xml"))) {
            List<Path> all = poms.toList();
            assertThat(all).hasSizeGreaterThan(5);
            return all;
        }
    }

    private static String evaluate(Path pom, String expression) throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        return XPathFactory.newInstance().newXPath().evaluate(expression, document);
    }
}
