package io.socketz.protocol.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The third line of {@code WHO FRESH}, written and read; {@link ReplyDecoderTest} reads it in pieces. */
class FreshnessFormatTest {
    @Test
    void aFreshListIsFollowedByItsRevision() {
        assertThat(sent(new Reply.Fresh(1842))).isEqualTo("fresh at revision 1842\n");
        assertThat(sent(new Reply.Fresh(0))).isEqualTo("fresh at revision 0\n");
        assertThat(sent(new Reply.Fresh(Long.MAX_VALUE))).isEqualTo("fresh at revision 9223372036854775807\n");
    }

    @Test
    void aStaleListIsFollowedByItsAgeAndItsRevision() {
        assertThat(sent(stale(12_300_000_000L))).isEqualTo("stale by 12.3 s at revision 1842\n");
        assertThat(sent(new Reply.Stale(Duration.ofSeconds(2), 0))).isEqualTo("stale by 2.0 s at revision 0\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1, 0.1",
        "99_999_999, 0.1",
        "100_000_000, 0.1",
        "100_000_001, 0.2",
        "500_000_000, 0.5",
        "899_999_999, 0.9",
        "900_000_000, 0.9",
        "900_000_001, 1.0",
        "999_999_999, 1.0",
        "1_000_000_000, 1.0",
        "59_900_000_001, 60.0",
        "86_400_000_000_000, 86400.0",
        "9223372036854775807, 9223372036.9",
    })
    void anAgeIsRoundedUpToTenthsOfASecond(String nanos, String shown) {
        assertThat(sent(stale(Long.parseLong(nanos.replace("_", "")))))
                .isEqualTo("stale by " + shown + " s at revision 1842\n");
    }

    @Test
    void anAgeThatIsTooLargeIsShownAsTheLargestOne() {
        String longest = "stale by 9223372036854775807.0 s at revision 1\n";
        for (Duration age : List.of(
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MAX_VALUE, 1),
                ChronoUnit.FOREVER.getDuration())) {
            assertThat(sent(new Reply.Stale(age, 1))).isEqualTo(longest);
        }
        assertThat(sent(new Reply.Stale(Duration.ofSeconds(Long.MAX_VALUE - 1, 900_000_001), 1)))
                .isEqualTo(longest);
    }

    @Test
    void aReplyKeepsTheAgeThatIsShown() {
        assertThat(stale(12_200_000_001L)).isEqualTo(stale(12_300_000_000L));
        assertThat(new Reply.Stale(Duration.ofNanos(1), 1).age()).isEqualTo(Duration.ofMillis(100));
    }

    /** Arabic and Hindi use other digits, and German a decimal comma. */
    @ParameterizedTest
    @ValueSource(strings = {"ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "de-DE"})
    void theLocaleDoesNotMatter(String locale) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(locale));
        try {
            assertThat(sent(stale(1_234_500_000_000L))).isEqualTo("stale by 1234.5 s at revision 1842\n");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatThrownBy(() -> new Reply.Fresh(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reply.Stale(Duration.ZERO, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reply.Stale(Duration.ofNanos(-1), 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Reply.Stale stale(long nanos) {
        return new Reply.Stale(Duration.ofNanos(nanos), 1842);
    }

    private static String sent(Reply reply) {
        return new String(reply.toBytes(), UTF_8);
    }
}
