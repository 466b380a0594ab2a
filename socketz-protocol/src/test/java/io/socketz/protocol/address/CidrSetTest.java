package io.socketz.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrSetTest {

    @Test
    void aSetContainsEveryAddressOfItsBlocks() {
        CidrSet set = CidrSet.parse("10.0.0.0/8, fd00::/8,192.0.2.1");
        assertThat(set.isEmpty()).isFalse();
        assertThat(contains(set, "10.1.2.3")).isTrue();
        assertThat(contains(set, "fd00::1")).isTrue();
        assertThat(contains(set, "192.0.2.1")).isTrue();
        assertThat(contains(set, "192.0.2.2")).isFalse();
        assertThat(contains(set, "::1")).isFalse();
    }

    @Test
    void aSetIsWrittenAsItsBlocks() {
        assertThat(CidrSet.parse(" 10.1.0.0/8 ,::1")).hasToString("10.0.0.0/8,::1/128");
        assertThat(CidrSet.NONE).hasToString("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void blankTextIsTheEmptySet(String text) {
        assertThat(CidrSet.parse(text)).isSameAs(CidrSet.NONE);
        assertThat(CidrSet.NONE.isEmpty()).isTrue();
        assertThat(contains(CidrSet.NONE, "127.0.0.1")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "10.0.0.0/8, | '' is not an address block: no IP address",
                ",10.0.0.0/8 | '' is not an address block: no IP address",
                ", | '' is not an address block: no IP address",
                "10.0.0.0/8,proxy | 'proxy' is not an address block: no IP address",
                "10.0.0.0/8,10.0.0.0/33 | '10.0.0.0/33' is not an address block: prefix length 0 to 32",
            })
    void anErrorNamesTheInvalidElement(String text, String message) {
        assertThatThrownBy(() -> CidrSet.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static boolean contains(CidrSet set, String address) {
        return set.contains(IpLiteral.parse(address).orElseThrow());
    }
}
