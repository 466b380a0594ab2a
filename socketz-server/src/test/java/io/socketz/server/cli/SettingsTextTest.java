package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.socketz.server.cli.SettingsText.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void settingsAreReadWithTheirLinesWhateverEndsALine(String end) {
        String text = String.join(
                end,
                "# port = 1",
                "",
                " ! port = 2 \\",
                "port=5151",
                "name: server01  ",
                "proxy-from \\",
                "   10.0.0.1,\\",
                "   # 10.0.0.2",
                "\tetcd = http://a:1,http://b:2\t",
                "loops");
        assertThat(SettingsText.parse(text))
                .containsEntry("port", new Setting("5151", 4))
                .containsEntry("name", new Setting("server01", 5))
                .containsEntry("proxy-from", new Setting("10.0.0.1,# 10.0.0.2", 6))
                .containsEntry("etcd", new Setting("http://a:1,http://b:2", 9))
                .containsEntry("loops", new Setting("", 10))
                .hasSize(5);
    }

    @Test
    void escapesAreThoseOfJava() {
        assertThat(SettingsText.parse("na\\u006de = caf\u00e9 \\u00e9 a\\\\\nport = 1\\"))
                .containsEntry("name", new Setting("caf\u00e9 \u00e9 a\\", 1))
                .containsEntry("port", new Setting("1", 2));
    }

    @Test
    void aKeyStandsOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsText.parse("port = 1\nname = a\n\nport = 1"))
                .withMessage("port stands twice, in line 1 and in line 4");
    }

    @Test
    void aMalformedEscapeIsNamedByItsLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsText.parse("port = 1\nname = \\user"))
                .withMessage("line 2: \\u without four hexadecimal digits");
    }

    @Test
    void nothingInAFileSetsNothing() {
        assertThat(SettingsText.parse("")).isEmpty();
        assertThat(SettingsText.parse("\n  \n# none")).isEmpty();
    }
}
