package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what happens. */
class ReadmeIT {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?public class (\\w+) .*?)```", Pattern.DOTALL);
    private static final Pattern SESSION =
            Pattern.compile("\\$ printf '(.*?)' \\| java [^\n]*\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleOfTheProtocolLibraryRunsAsShown(@TempDir Path folder) throws Exception {
        String readme = Files.readString(Checkout.home().resolve("README.md"));
        Matcher example = EXAMPLE.matcher(readme);
        Matcher session = SESSION.matcher(readme);
        assertThat(example.find()).isTrue();
        assertThat(session.find()).isTrue();
        Files.writeString(folder.resolve(example.group(2) + ".java"), example.group(1));
        Path input = Files.writeString(folder.resolve("input"), session.group(1).replace("\\n", "\n"));

        Child.Result result = Child.of(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Checkout.home()
                                .resolve("socketz-protocol/target/classes")
                                .toString(),
                        folder.resolve(example.group(2) + ".java").toString()))
                .input(input)
                .run();
        assertThat(result.out()).isEqualTo(session.group(2));
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    @Test
    void theTableOfFlagsIsThatOfTheHelp() throws Exception {
        String help = Child.of(Checkout.socketz("serve", "--help")).run().out();
        String readme = Files.readString(Checkout.home().resolve("README.md"));
        List<String> documented = flags(Pattern.compile("^\\| (?:`-\\w`, )?`(--[a-z-]+)`", Pattern.MULTILINE), readme);
        List<String> offered = flags(Pattern.compile("^ +(?:-\\w, )?(--[a-z-]+)", Pattern.MULTILINE), help);
        offered.removeAll(List.of("--help", "--version"));
        assertThat(documented).containsExactlyElementsOf(offered);
    }

    private static List<String> flags(Pattern pattern, String text) {
        List<String> flags = new ArrayList<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            flags.add(matcher.group(1));
        }
        return flags;
    }
}
