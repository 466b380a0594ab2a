package io.socketz.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
        "172.16.0.0/12, 172.16.0.0, 172.31.255.255, 172.15.255.255, 172.32.0.0",
        "192.0.2.128/25, 192.0.2.128, 192.0.2.255, 192.0.2.127, 192.0.3.0",
        "192.0.2.4/31, 192.0.2.4, 192.0.2.5, 192.0.2.3, 192.0.2.6",
        "192.0.2.4/32, 192.0.2.4, 192.0.2.4, 192.0.2.3, 192.0.2.5",
        "192.0.2.4, 192.0.2.4, 192.0.2.4, 192.0.2.3, 192.0.2.5",
        "128.0.0.0/1, 128.0.0.0, 255.255.255.255, 127.255.255.255, 0.0.0.0",
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255, ::, ::1",
        "::1, ::1, ::1, ::, ::2",
        "fd00::/8, fd00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, fcff::, fe00::",
        "2001:db8::/33, 2001:db8::, 2001:db8:7fff::1, 2001:db8:8000::, 2001:db7:ffff::",
        "2001:db8::2/127, 2001:db8::2, 2001:db8::3, 2001:db8::1, 2001:db8::4",
        "::/0, ::, ffff::, 0.0.0.0, 192.0.2.1",
        "::ffff:10.0.0.0/104, 10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
        "::ffff:0:0/96, 0.0.0.0, 255.255.255.255, ::, ::1",
        "::ffff:10.0.0.1, 10.0.0.1, ::ffff:10.0.0.1, 10.0.0.0, 10.0.0.2",
    })
    void aBlockContainsExactlyTheAddressesWithinIt(
            String block, String first, String last, String outside, String alsoOutside) {
        Cidr cidr = Cidr.parse(block);
        assertThat(cidr.contains(ip(first))).isTrue();
        assertThat(cidr.contains(ip(last))).isTrue();
        assertThat(cidr.contains(ip(outside))).isFalse();
        assertThat(cidr.contains(ip(alsoOutside))).isFalse();
    }

    @Test
    void anIpv4BlockContainsAMappedAddressHeldInAnIpv6Object() throws UnknownHostException {
        byte[] octets = HexFormat.of().parseHex("00000000000000000000ffff0a000001");
        InetAddress mapped = Inet6Address.getByAddress("host", octets, -1);
        assertThat(Cidr.parse("10.0.0.0/8").contains(mapped)).isTrue();
        assertThat(Cidr.parse("11.0.0.0/8").contains(mapped)).isFalse();
    }

    @Test
    void aZoneIsIgnored() throws UnknownHostException {
        byte[] octets = HexFormat.of().parseHex("fe800000000000000000000000000001");
        assertThat(Cidr.parse("fe80::/10").contains(Inet6Address.getByAddress("host", octets, 3)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "255.255.255.255/0, 0.0.0.0/0",
        "192.0.2.255/25, 192.0.2.128/25",
        "192.0.2.1, 192.0.2.1/32",
        "::1, ::1/128",
        "2001:DB8:FFFF::1/33, 2001:db8:8000::/33",
        "::ffff:10.1.2.3/104, 10.0.0.0/8",
    })
    void theBitsAfterThePrefixAreCleared(String text, String canonical) {
        assertThat(Cidr.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/33 | prefix length 0 to 32",
                "10.0.0.0/ | prefix length 0 to 32",
                "10.0.0.0/-1 | prefix length 0 to 32",
                "10.0.0.0/08 | prefix length 0 to 32",
                "10.0.0.0/8/8 | prefix length 0 to 32",
                "10.0.0.0/255.0.0.0 | prefix length 0 to 32",
                "10.0.0.0/4294967304 | prefix length 0 to 32",
                "::1/129 | prefix length 0 to 128",
                "fd00::/x | prefix length 0 to 128",
                "::ffff:10.0.0.0/8 | prefix length 96 to 128 for an IPv4-mapped address",
                "'' | no IP address",
                "/8 | no IP address",
                "10.0.0/8 | no IP address",
                "010.0.0.0/8 | no IP address",
                "localhost | no IP address",
                "localhost/8 | no IP address",
                "[::1]/128 | no IP address",
                "fe80::1%eth0/10 | no IP address",
                "' 10.0.0.0/8' | no IP address",
            })
    void anErrorExplainsInOneLineWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not an address block: " + why);
    }

    private static InetAddress ip(String text) {
        return IpLiteral.parse(text).orElseThrow();
    }
}
