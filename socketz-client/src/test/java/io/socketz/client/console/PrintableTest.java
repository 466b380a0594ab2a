package io.socketz.client.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void keepsTextInAnyScript() {
        assertThat(Printable.of("")).isEmpty();
        assertThat(Printable.of("WHO, gr\u00fc\u00df dich \u65e5\u672c \ud83d\ude00"))
                .isEqualTo("WHO, gr\u00fc\u00df dich \u65e5\u672c \ud83d\ude00");
    }

    @Test
    void removesEverythingThatATerminalObeys() {
        assertThat(Printable.of("\u001b]0;title\u0007")).isEqualTo("?]0;title?");
        assertThat(Printable.of("a\rb\nc\td\u0000\u007f\u009b2J")).isEqualTo("a?b?c?d???2J");
        assertThat(Printable.of("\u202e\u200b\u2028\u2029\ufeff\ud800")).isEqualTo("??????");
    }
}
