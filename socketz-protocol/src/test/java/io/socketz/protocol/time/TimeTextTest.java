package io.socketz.protocol.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {
    @ParameterizedTest
    @CsvSource({
        "500ms,     PT0.5S",
        "20s,       PT20S",
        "2m,        PT2M",
        "1h,        PT1H",
        "1.5s,      PT1.5S",
        "0.5h,      PT30M",
        "1m30s,     PT1M30S",
        "1h0m2s3ms, PT1H2.003S",
        "1h5ms,     PT1H0.005S",
        "90s,       PT1M30S",
        "3,         PT3S",
        "0.25,      PT0.25S",
        "0,         PT0S",
        "0s,        PT0S",
        "0.000001ms, PT0.000000001S",
        "999999h,   PT999999H",
    })
    void aNumberWithAUnitIsParsedAndANumberAloneIsSeconds(String text, String expected) {
        assertThat(TimeText.parse(text)).isEqualTo(Duration.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "soon",
                "5x",
                "-1s",
                "+1s",
                "1 s",
                "1,5s",
                ".5s",
                "1.s",
                "5S",
                "30s1m",
                "1s1s",
                "1s1",
                "1m1",
                "s",
                "1000000s",
                "1.0000001s",
                "1e3s",
                "\u0663s"
            })
    void anErrorShowsWhatATimeLooksLike(String text) {
        assertThatThrownBy(() -> TimeText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a time like 500ms, 1.5s, 1m30s or 2h");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT0.1S, 100ms", "PT1.5S, 1s500ms", "PT1M30S, 1m30s", "PT25H, 25h", "PT0.0000015S, 0.001ms"
    })
    void aTimeIsWrittenInTheFormThatIsParsed(String time, String expected) {
        assertThat(TimeText.format(Duration.parse(time))).isEqualTo(expected);
    }

    @Test
    void aTimeThatIsWrittenIsReadBack() {
        Duration time = Duration.parse("PT123H45M6.789012S");
        assertThat(TimeText.parse(TimeText.format(time))).isEqualTo(time);
    }
}
