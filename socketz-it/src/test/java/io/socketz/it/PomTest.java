package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;

/** The poms as text: to ask Maven itself would take half a minute. */
class PomTest {
    private static final Pattern EXPORTED = Pattern.compile("(?m)^ *exports ([\\w.]+);");

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

    /** So that an ordinary build makes neither, and takes no longer. */
    @Test
    void sourcesAndJavadocAreMadeForAReleaseOnly() throws Exception {
        Path parent = Checkout.home().resolve("pom.xml");
        for (String plugin : List.of("maven-source-plugin", "maven-javadoc-plugin")) {
            String goals = "//plugin[artifactId = '" + plugin + "']//goal";
            assertThat(evaluate(parent, "count(/project/profiles/profile[id = 'release']" + goals + ")"))
                    .as(plugin)
                    .isEqualTo("1");
            for (Path pom : poms()) {
                assertThat(evaluate(pom, "count(" + goals + ")"))
                        .as("%s in %s", plugin, pom)
                        .isEqualTo(pom.equals(parent) ? "1" : "0");
            }
        }
        assertThat(evaluate(parent, "count(//profile[id = 'release']/activation)"))
                .isEqualTo("0");
    }

    @Test
    void onlyLibrariesAreDeployed() throws Exception {
        for (Path pom : poms()) {
            String module = Checkout.home().relativize(pom).toString();
            boolean isLibrary = !module.startsWith("socketz-it") && !module.startsWith("infra");
            assertThat(evaluate(pom, "/project/properties/maven.deploy.skip"))
                    .as(module)
                    .isEqualTo(isLibrary ? "" : "true");
        }
    }

    /** Programs import it, and their own JUnit must not change. */
    @Test
    void theRootPomManagesNoLibraryThatOnlyThisBuildUses() throws Exception {
        Path parent = Checkout.home().resolve("pom.xml");
        String managed = "/project/dependencyManagement/dependencies/dependency";
        assertThat(evaluate(parent, "count(" + managed + "[groupId = 'io.socketz'])"))
                .isEqualTo("4");
        for (String group : List.of(
                "org.junit", "org.assertj", "com.tngtech.archunit", "info.picocli", "org.jline", "org.hdrhistogram")) {
            assertThat(evaluate(parent, "count(" + managed + "[groupId = '" + group + "'])"))
                    .as(group)
                    .isEqualTo("0");
        }
    }

    @Test
    void thePackagesThatAReleaseIsComparedOnAreThoseThatModulesExport() throws Exception {
        String included = "//plugin[artifactId = 'japicmp-maven-plugin']//include";
        for (String module : List.of("socketz-protocol", "socketz-state", "socketz-server", "socketz-client")) {
            Path folder = Checkout.home().resolve(module);
            List<String> exported = EXPORTED.matcher(Files.readString(folder.resolve("src/main/java/module-info.java")))
                    .results()
                    .map(export -> export.group(1))
                    .toList();
            Path pom = folder.resolve("pom.xml");
            assertThat(exported).isNotEmpty();
            assertThat(evaluate(pom, "count(" + included + ")"))
                    .as(module)
                    .isEqualTo(Integer.toString(exported.size()));
            for (String name : exported) {
                assertThat(evaluate(pom, "count(" + included + "[. = '" + name + "'])"))
                        .as(name)
                        .isEqualTo("1");
            }
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
