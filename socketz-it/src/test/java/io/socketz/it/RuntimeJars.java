package io.socketz.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The jars that Socketz may need at run time: the rows of docs/decisions/0003-dependencies.md. */
final class RuntimeJars {
    static final Path TABLE = Checkout.home().resolve("docs/decisions/0003-dependencies.md");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ((?:`[^`]+`(?:, )?)+) \\| .+ \\|$");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern VERSION = Pattern.compile("-\\d.*\\.jar$");

    private RuntimeJars() {}

    static SortedSet<String> rows() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(TABLE));
        while (row.find()) {
            NAME.matcher(row.group(1)).results().forEach(name -> names.add(name.group(1)));
        }
        return names;
    }

    /** {@code netty-common}, from {@code netty-common-4.2.20.Final.jar}. */
    static String withoutVersion(String jar) {
        return VERSION.matcher(jar).replaceFirst("");
    }

    /** The jars in a folder. */
    static List<String> withoutVersions(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".jar"))
                    .map(RuntimeJars::withoutVersion)
                    .toList();
        }
    }
}
