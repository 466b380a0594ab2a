package io.socketz.protocol.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "web-7, web-7, true",
        "web-7, web-70, false",
        "web-7, Web-7, false",
        "web-?, web-7, true",
        "web-?, web-, false",
        "web-*, web-, true",
        "web-*, web-77, true",
        "*-7, web-7, true",
        "*-7, a-7-7, true",
        "*-7, web-70, false",
        "*, x, true",
        "?, x, true",
        "*?, x, true",
        "?*?, x, false",
        "a*b*c, abc, true",
        "a*b*c, a-b-b-c-c, true",
        "a*b*c, acb, false",
        "**a**, bab, true",
        "[a-z], a, false",
        "a.c, abc, false",
    })
    void aStarIsAnyTextAndAQuestionMarkOneCharacter(String pattern, String text, boolean matches) {
        assertThat(Glob.parse(pattern).matches(text)).isEqualTo(matches);
    }

    @Test
    void onlyStarsMatchTheEmptyText() {
        assertThat(Glob.parse("**").matches("")).isTrue();
        assertThat(Glob.parse("*?").matches("")).isFalse();
        assertThat(Glob.parse("a").matches("")).isFalse();
    }

    @Test
    void aGlobIsWrittenAsItWasRead() {
        assertThat(Glob.parse("web-*?")).hasToString("web-*?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\tb", "'a'", "\"", "a=b", "\u00e9", "\u0000"})
    void aGlobThatNoLabelCouldMatchIsRefused(String pattern) {
        assertThatThrownBy(() -> Glob.parse(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a pattern of names has 1 to 64 printable characters of ASCII without blanks, quotes or =");
    }

    @Test
    void aGlobHasAtMost64Characters() {
        assertThat(Glob.parse("*".repeat(64)).matches("x")).isTrue();
        assertThatThrownBy(() -> Glob.parse("*".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }

    /** With backtracking to every star, each of these would take longer than the universe is old. */
    @Test
    @Timeout(10)
    void patternsMadeToBacktrackTakeNoTime() {
        String text = "a".repeat(100_000);
        assertThat(Glob.parse("*a".repeat(31) + "*b").matches(text)).isFalse();
        assertThat(Glob.parse("*a".repeat(31) + "b*").matches(text)).isFalse();
        assertThat(Glob.parse("*a?".repeat(21)).matches(text)).isTrue();
        assertThat(Glob.parse("?*".repeat(31) + "ab").matches(text)).isFalse();
        assertThat(Glob.parse("*" + "a".repeat(62) + "b").matches(text)).isFalse();
    }

    @Test
    void aGlobMatchesWhatTheSameRegularExpressionMatches() {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        for (int i = 0; i < 100_000 && System.nanoTime() < end; i++) {
            String pattern = text(random, "ab*?", 1 + random.nextInt(8));
            String text = text(random, "ab", random.nextInt(10));
            boolean expected = Pattern.matches(pattern.replace("*", ".*").replace('?', '.'), text);
            assertThat(Glob.parse(pattern).matches(text))
                    .as("-Dsocketz.seed=%d: '%s' on '%s'", seed, pattern, text)
                    .isEqualTo(expected);
        }
    }

    private static String text(Random random, String letters, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
