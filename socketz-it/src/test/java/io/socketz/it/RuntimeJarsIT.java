package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jars that Socketz needs at run time: exactly those in the table of docs/decisions/0003-dependencies.md. */
class RuntimeJarsIT {
    private static final String BINDING = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    @Test
    void everyJarOnTheClassPathHasARowThatSaysWhy() throws Exception {
        SortedSet<String> jars = classPath("socketz-server");
        jars.addAll(classPath("socketz-it"));
        jars.removeIf(jar -> jar.startsWith("socketz-"));
        SortedSet<String> rows = RuntimeJars.rows();
        assertThat(without(jars, rows))
                .as("jars that nobody asked for: exclude them in the pom, or give them a row in %s", RuntimeJars.TABLE)
                .isEmpty();
        assertThat(without(rows, jars))
                .as("rows of %s without a jar", RuntimeJars.TABLE)
                .isEmpty();
    }

    /** Maven gives these tests what it gives to every program that depends on the server. */
    @Test
    void aProgramThatEmbedsTheServerChoosesItsOwnSlf4jBinding() throws Exception {
        List<String> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(element -> element.endsWith(".jar"))
                .toList();
        assertThat(jars).anyMatch(jar -> jar.contains("slf4j-api"));
        for (String jar : jars) {
            try (JarFile file = new JarFile(jar)) {
                assertThat(file.getEntry(BINDING)).as(jar).isNull();
            }
        }
    }

    /** Names of the jars in the manifest of a module's jar, without their versions. */
    private static SortedSet<String> classPath(String module) throws IOException {
        Path jar = Checkout.home().resolve(module).resolve("target").resolve(module + ".jar");
        try (JarFile file = new JarFile(jar.toFile())) {
            String classPath = file.getManifest().getMainAttributes().getValue("Class-Path");
            SortedSet<String> names = new TreeSet<>();
            for (String entry : classPath.split(" ", -1)) {
                names.add(RuntimeJars.withoutVersion(entry).replaceFirst("^lib/", ""));
            }
            return names;
        }
    }

    private static List<String> without(SortedSet<String> names, SortedSet<String> others) {
        return names.stream().filter(name -> !others.contains(name)).toList();
    }
}
