package io.socketz.protocol.proxy;

import static io.socketz.protocol.proxy.Decoding.byteByByte;
import static io.socketz.protocol.proxy.Decoding.decode;
import static io.socketz.protocol.proxy.Decoding.latin1;
import static io.socketz.protocol.proxy.Decoding.proxied;
import static io.socketz.protocol.proxy.Decoding.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.proxy.ProxyException.Reason;
import io.socketz.protocol.proxy.ProxyHeader.Local;
import java.net.Inet4Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings in these tests stand for bytes in ISO 8859-1. */
class V1LineTest {
    private static final String MAX_V6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443, 192.168.0.1:56324, 192.168.0.11:443",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255:65535, 255.255.255.255:65535",
        "PROXY TCP4 0.0.0.0 0.0.0.0 0 0, 0.0.0.0:0, 0.0.0.0:0",
        "PROXY TCP6 2001:db8::1 2001:DB8::B 56324 443, [2001:db8::1]:56324, [2001:db8::b]:443",
        "PROXY TCP6 :: ::1 0 65535, [::]:0, [::1]:65535",
        "PROXY TCP6 64:ff9b::192.0.2.33 1:2:3:4:5:6:7:8 1 2, [64:ff9b::c000:221]:1, [1:2:3:4:5:6:7:8]:2",
    })
    void aTcpLineYieldsItsAddresses(String line, String source, String destination) {
        Decoding decoding = decode(latin1(line + "\r\n"));
        assertThat(decoding.header()).contains(proxied(source, destination));
        assertThat(decoding.taken()).isEqualTo(line.length() + 2);
    }

    @Test
    void anIpv4MappedClientIsAnIpv4Client() {
        Decoding decoding = decode(latin1("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.11 56324 443\r\n"));
        assertThat(decoding.header()).contains(proxied("192.0.2.1:56324", "192.0.2.11:443"));
        assertThat(((ProxyHeader.Proxied) decoding.header().orElseThrow())
                        .source()
                        .getAddress())
                .isInstanceOf(Inet4Address.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN",
                "PROXY UNKNOWN ",
                "PROXY UNKNOWN 192.0.2.1 192.0.2.11 56324 443",
                "PROXY UNKNOWN  what \0 ever\t\u00ff",
                "PROXY UNKNOWN " + MAX_V6 + " " + MAX_V6 + " 65535 65535",
            })
    void anUnknownLineIsLocalWhateverFollows(String line) {
        Decoding decoding = decode(latin1(line + "\r\n"));
        assertThat(decoding.header()).contains(new Local());
        assertThat(decoding.taken()).isEqualTo(line.length() + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "PROXY ", "PROXY TCP4 1.2.3.4 1.2.3.4 1 1", "PROXY TCP4 1.2.3.4 1.2.3.4 1 1\r"})
    void anUnfinishedLineNeedsMoreBytes(String text) {
        Decoding decoding = decode(latin1(text));
        assertThat(decoding.header()).isEmpty();
        assertThat(decoding.reason()).isEmpty();
        assertThat(decoding.taken()).isEqualTo(text.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"G", "W", "p", " ", "\n", "\0", "\u00ff", "Pr", "PROXYT", "PROXY\t", "PROXY\r", "PROXY\n", "PI"})
    void anInvalidSignatureIsRefusedAtItsFirstInvalidByte(String text) {
        assertThat(refusal(latin1(text))).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void aRequestInsteadOfAHeaderIsRefusedAtItsFirstByte() {
        assertThat(byteByByte(latin1("GET / HTTP/1.1\r\n")).taken()).isZero();
        assertThat(byteByByte(latin1("WHO\n")).taken()).isZero();
        assertThat(decode(latin1("GET / HTTP/1.1\r\n")).reason()).contains(Reason.BAD_SIGNATURE);
        assertThat(decode(latin1("WHO\n")).reason()).contains(Reason.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY  ",
                "PROXY \r",
                "PROXY \0",
                "PROXY X",
                "PROXY t",
                "PROXY TCP5",
                "PROXY TCP ",
                "PROXY TCP44",
                "PROXY TCP4\r",
                "PROXY TCP6\t",
                "PROXY UD",
                "PROXY UNKNOWNS",
                "PROXY UNKNOW ",
                "PROXY UNKNOWN\t",
            })
    void anUnknownFamilyIsRefusedAtItsFirstInvalidByte(String text) {
        assertThat(refusal(latin1(text))).isEqualTo(Reason.BAD_FAMILY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4  ",
                "PROXY TCP4 1.2.3 ",
                "PROXY TCP4 1.2.3.4.5 ",
                "PROXY TCP4 1.2.3.256 ",
                "PROXY TCP4 01.2.3.4 ",
                "PROXY TCP4 1.2.3.4\r",
                "PROXY TCP4 1.2.3.4 5.6.7.8\r",
                "PROXY TCP4 1.2.3.4\t",
                "PROXY TCP4 :",
                "PROXY TCP4 a",
                "PROXY TCP4 -",
                "PROXY TCP4 1.2.3.4  ",
                "PROXY TCP4 1.2.3.4 5.6.7 ",
                "PROXY TCP4 1.2.3.4 :",
                "PROXY TCP6 1.2.3.4 ",
                "PROXY TCP6 ::1::1 ",
                "PROXY TCP6 1:2:3:4:5:6:7 ",
                "PROXY TCP6 ::00001 ",
                "PROXY TCP6 g",
                "PROXY TCP6 [",
                "PROXY TCP6 fe80::1%",
                "PROXY TCP6 ::1 5.6.7.8 ",
                "PROXY TCP6 ::1  ",
                "PROXY TCP6 ::\u00b9",
            })
    void anInvalidAddressIsRefusedAtAnImpossibleByteOrAtItsEnd(String text) {
        assertThat(refusal(latin1(text))).isEqualTo(Reason.BAD_ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ", "\r", "-", "+", "x", "00", "01", "65536", "123456", "1\r", "1\t", "1  ", "1 \r", "1 x", "1 00",
                "1 65536", "1 2 ", "1 2\t", "1 2\0",
            })
    void anInvalidPortIsRefusedAtItsFirstInvalidByte(String text) {
        assertThat(refusal(latin1("PROXY TCP4 1.2.3.4 5.6.7.8 " + text))).isEqualTo(Reason.BAD_PORT);
        assertThat(refusal(latin1("PROXY TCP6 ::1 ::2 " + text))).isEqualTo(Reason.BAD_PORT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY \n",
                "PROXY TCP4\n",
                "PROXY TCP4 1.2.3.4\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rW",
                "PROXY UNKNOWN\n",
                "PROXY UNKNOWN what\n",
                "PROXY UNKNOWN\rW",
                "PROXY UNKNOWN what\r ",
            })
    void aCrWithoutALfAndALfWithoutACrAreRefused(String text) {
        assertThat(refusal(latin1(text))).isEqualTo(Reason.BAD_LINE_END);
    }

    @Test
    void aLineHasAtMost107Bytes() {
        String longest = "PROXY UNKNOWN " + "x".repeat(91);
        assertThat(decode(latin1(longest + "\r\n")).header()).contains(new Local());
        assertThat(decode(latin1(longest + "\r\n")).taken()).isEqualTo(107);
        assertThat(refusal(latin1(longest + "x\r"))).isEqualTo(Reason.TOO_LONG);
        assertThat(refusal(latin1(longest + "xx"))).isEqualTo(Reason.TOO_LONG);
        assertThat(refusal(latin1("PROXY TCP4 " + "1".repeat(96)))).isEqualTo(Reason.TOO_LONG);
    }
}
