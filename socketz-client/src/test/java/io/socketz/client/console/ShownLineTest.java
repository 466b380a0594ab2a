package io.socketz.client.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.request.BuiltInCommands;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownLineTest {
    @ParameterizedTest
    @CsvSource({
        "' who  fresh ', WHO FRESH",
        "ping a  b, PING a  b",
        "Hello, Hello",
        "WHO LONG LIMIT 0, WHO LONG LIMIT 0",
        "AUTH s3cret, AUTH",
        "auth s3cret x, AUTH",
        "auth, AUTH"
    })
    void aSecretIsNotShown(String line, String shown) {
        assertThat(ShownLine.of(line, BuiltInCommands.TABLE.parse(line))).isEqualTo(shown);
    }
}
