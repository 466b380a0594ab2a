package io.socketz.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @CsvSource({
        "h:1, h, 1",
        "localhost:5151, localhost, 5151",
        "Server_01.example.org.:0, Server_01.example.org., 0",
        "127.0.0.1:50814, 127.0.0.1, 50814",
        "[::1]:1, ::1, 1",
        "[2001:DB8:0:0::1]:65535, 2001:db8::1, 65535",
        "[::ffff:192.0.2.1]:80, 192.0.2.1, 80",
        "1st:1, 1st, 1",
        "a.1b:1, a.1b, 1",
    })
    void aHostAndAPortAreParsed(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port));
        assertThat(HostPort.parse(text).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | no port",
                "localhost | no port",
                "[::1] | no port",
                "[::1]5151 | no port",
                "[::1 | no closing bracket",
                "[ | no closing bracket",
                "::1 | an IPv6 address goes in brackets",
                "::1:5151 | an IPv6 address goes in brackets",
                "[::1]:1:2 | an IPv6 address goes in brackets",
                "[localhost]:1 | no IPv6 address in the brackets",
                "[127.0.0.1]:1 | no IPv6 address in the brackets",
                "[fe80::1%eth0]:1 | no IPv6 address in the brackets",
                "[]:1 | no IPv6 address in the brackets",
                ":5151 | no host name or IP address",
                "a b:1 | no host name or IP address",
                "-a:1 | no host name or IP address",
                ".a:1 | no host name or IP address",
                "5151:1 | no host name or IP address",
                "127.1:1 | no host name or IP address",
                "010.0.0.1:1 | no host name or IP address",
                "127.0.0.1.:1 | no host name or IP address",
                "127.0.0.256:1 | no host name or IP address",
                "http://h:1 | a URL",
                "::1 | an IPv6 address goes in brackets",
                "h: | port 0 to 65535",
                "h:65536 | port 0 to 65535",
                "h:99999999999 | port 0 to 65535",
                "h:-1 | port 0 to 65535",
                "h:+1 | port 0 to 65535",
                "h:01 | port 0 to 65535",
                "h:x | port 0 to 65535",
                "'h:1 ' | port 0 to 65535",
            })
    void anErrorExplainsInOneLineWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not host:port: " + why);
    }

    @ParameterizedTest
    @CsvSource({"h, h:4141", "h:1, h:1", "127.0.0.1, 127.0.0.1:4141", "[::1], [::1]:4141", "[::1]:1, [::1]:1"})
    void aHostWithoutAPortGetsTheDefaultPort(String text, String read) {
        assertThat(HostPort.parse(text, 4141)).hasToString(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a?b", "h:", "::1", "[x]", "[::1", "http://h"})
    void anErrorQuotesTheGivenTextEvenWithADefaultPort(String text) {
        assertThatThrownBy(() -> HostPort.parse(text, 4141))
                .hasMessageStartingWith("'" + text + "' is not host:port: ");
    }

    @Test
    void aHostWithoutAPortExpandsToEachDefaultPort() {
        List<Integer> ports = List.of(4141, 5151);
        assertThat(HostPort.parse("h", ports)).containsExactly(new HostPort("h", 4141), new HostPort("h", 5151));
        assertThat(HostPort.parse("[::1]", ports)).hasSize(2);
        assertThat(HostPort.parse("h:1", ports)).containsExactly(new HostPort("h", 1));
        assertThatThrownBy(() -> HostPort.parse("h:", ports)).hasMessageStartingWith("'h:' is not host:port: ");
    }

    @Test
    void anErrorMessageNeverContainsALineBreak() {
        assertThatThrownBy(() -> HostPort.parse("a\nb\u001b\u2028\u00fc"))
                .hasMessage("'a?b???' is not host:port: no port");
    }

    @Test
    void anInvalidHostOrPortIsRefused() {
        assertThatThrownBy(() -> new HostPort("a b", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'a b' is neither a host name nor an IP address");
        assertThatThrownBy(() -> new HostPort("h", 65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port 65536 is not in 0 to 65535");
        assertThatThrownBy(() -> new HostPort("h", -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port -1 is not in 0 to 65535");
        assertThat(new HostPort("2001:DB8::0:1", 1)).isEqualTo(new HostPort("2001:db8::1", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:50814",
                "0.0.0.0:0",
                "255.255.255.255:65535",
                "[2001:db8::1]:50814",
                "[::]:1",
                "[1111:2222:3333:4444:5555:6666:7777:8888]:65535"
            })
    void aSocketAddressIsWrittenInBothFormsAndReadBack(String text) {
        HostPort read = HostPort.parse(text);
        InetSocketAddress address =
                new InetSocketAddress(IpLiteral.parse(read.host()).orElseThrow(), read.port());
        assertThat(HostPort.format(address)).isEqualTo(text);
        assertThat(HostPort.of(address)).isEqualTo(read).hasToString(text);
    }

    @Test
    void aResolvedAddressIsShownAsAnAddressNotAsItsName() throws UnknownHostException {
        InetAddress named = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        InetSocketAddress address = new InetSocketAddress(named, 5151);
        assertThat(HostPort.format(address)).isEqualTo("127.0.0.1:5151");
        assertThat(HostPort.of(address)).isEqualTo(new HostPort("127.0.0.1", 5151));
    }

    @Test
    void anUnresolvedAddressIsShownAsItsName() {
        InetSocketAddress address = InetSocketAddress.createUnresolved("server01", 5151);
        assertThat(HostPort.format(address)).isEqualTo("server01:5151");
        assertThat(HostPort.of(address)).isEqualTo(new HostPort("server01", 5151));
    }
}
