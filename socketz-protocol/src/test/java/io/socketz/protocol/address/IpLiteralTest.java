package io.socketz.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 00000000",
        "127.0.0.1, 7f000001",
        "192.0.2.10, c000020a",
        "255.255.255.255, ffffffff",
        "::, 00000000000000000000000000000000",
        "::1, 00000000000000000000000000000001",
        "1::, 00010000000000000000000000000000",
        "2001:DB8:0:0:8:800:200C:417A, 20010db80000000000080800200c417a",
        "2001:db8::8:800:200c:417a, 20010db80000000000080800200c417a",
        "ff01::101, ff010000000000000000000000000101",
        "0001:0002:0003:0004:0005:0006:0007:0008, 00010002000300040005000600070008",
        "::2:3:4:5:6:7:8, 00000002000300040005000600070008",
        "1:2:3:4:5:6:7::, 00010002000300040005000600070000",
        "1:2:3::5:6:7:8, 00010002000300000005000600070008",
        "::13.1.68.3, 0000000000000000000000000d014403",
        "64:ff9b::192.0.2.33, 0064ff9b0000000000000000c0000221",
        "1:2:3:4:5:6:1.2.3.4, 00010002000300040005000601020304",
        "1::5:6:1.2.3.4, 00010000000000000005000601020304",
    })
    void aLiteralIsParsed(String text, String octets) throws UnknownHostException {
        assertThat(IpLiteral.parse(text))
                .contains(InetAddress.getByAddress(HexFormat.of().parseHex(octets)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"})
    void anIpv4MappedLiteralIsParsedAsIpv4(String text) {
        assertThat(IpLiteral.parseV6(text)).isEqualTo(IpLiteral.parseV4("192.0.2.1"));
        assertThat(IpLiteral.parse(text).orElseThrow()).isInstanceOf(Inet4Address.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                ".1.2.3.4",
                "1..3.4",
                "01.2.3.4",
                "1.2.3.00",
                "1.2.3.256",
                "1.2.3.4294967297",
                "1.2.3.-4",
                "1.2.3.+4",
                "1.2.3.0x4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.\u0664",
                "16909060",
                ":",
                ":1",
                "1:",
                ":::",
                "::1::",
                "1:::2",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4::5:6:7:8",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4:5:6:7:",
                ":2:3:4:5:6:7:8",
                "00001::",
                "::g",
                "::-1",
                "::\uff11",
                "fe80::1%eth0",
                "fe80::1%1",
                "[::1]",
                "::1/128",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "::1.2.3",
                "::1.2.3.04",
                "::1.2.3.4.5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1:2:3:4:5:1.2.3.4",
                "1:2:3:4::5:6:1.2.3.4",
                "::ffff:1.2.3.4%1",
                "1::%",
            })
    void anythingButALiteralIsRefused(String text) {
        assertThat(IpLiteral.parse(text)).isEmpty();
    }

    @Test
    void eachParserAcceptsOnlyItsOwnFamily() {
        assertThat(IpLiteral.parseV4("::1")).isEmpty();
        assertThat(IpLiteral.parseV4("::ffff:1.2.3.4")).isEmpty();
        assertThat(IpLiteral.parseV6("1.2.3.4")).isEmpty();
    }

    /** RFC 5952: the examples of sections 1, 2 and 4, and the edge cases of the rule on zero runs. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8::0001, 2001:db8::1", // 4.1: no leading zeros
        "2001:db8::0:1, 2001:db8::1", // 4.2.1: '::' shortens as much as possible
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", // 4.2.2: never a single group
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1", // 4.2.3: the longest run
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", // 4.2.3: the first of equal runs
        "2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:FFFF, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", // 4.3: lower case
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "0:0:1:0:0:0:0:0, 0:0:1::",
        "0:0:0:1:0:0:0:1, ::1:0:0:0:1",
        "0:1:0:1:0:1:0:1, 0:1:0:1:0:1:0:1",
        "1:0:0:2:0:0:3:4, 1::2:0:0:3:4",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
        "0:2:3:4:5:6:7:0, 0:2:3:4:5:6:7:0",
        "1000:200:30:4:f00:a:ab:abc, 1000:200:30:4:f00:a:ab:abc",
        "::192.0.2.1, ::c000:201",
        "::fffe:192.0.2.1, ::fffe:c000:201",
        "::1:ffff:192.0.2.1, ::1:ffff:c000:201",
        "::ffff:0:192.0.2.1, ::ffff:0:c000:201",
        "::ffff:192.0.2.1, 192.0.2.1",
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
    })
    void anAddressIsWrittenInCanonicalForm(String text, String canonical) {
        assertThat(IpLiteral.parse(text).map(IpLiteral::format)).contains(canonical);
    }

    @Test
    void theZoneIsNotWritten() throws UnknownHostException {
        byte[] octets = HexFormat.of().parseHex("fe800000000000000000000000000001");
        assertThat(IpLiteral.format(Inet6Address.getByAddress("host", octets, 3)))
                .isEqualTo("fe80::1");
    }

    @Test
    void aMappedAddressHeldInAnIpv6ObjectIsWrittenAsIpv4() throws UnknownHostException {
        byte[] octets = HexFormat.of().parseHex("00000000000000000000ffffc0000201");
        assertThat(IpLiteral.format(Inet6Address.getByAddress("host", octets, -1)))
                .isEqualTo("192.0.2.1");
    }

    @Test
    void anAddressHasFourOrSixteenOctets() {
        assertThatThrownBy(() -> IpLiteral.address(new byte[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an address has 4 or 16 octets, not 5");
    }

    @Test
    void anAddressThatIsWrittenIsReadBack() throws UnknownHostException {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            InetAddress address = InetAddress.getByAddress(sparse(random));
            assertThat(IpLiteral.parse(IpLiteral.format(address)))
                    .as("-Dsocketz.seed=%d, %s", seed, address)
                    .contains(address);
        }
    }

    /** The JDK accepts everything that we accept, and more. Text with a colon never causes a DNS lookup. */
    @Test
    void ipv6IsParsedAsTheJdkParsesItOrRefused() throws UnknownHostException {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        String alphabet = "::::00123fF.";
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "::" : "1:2:3:4:5");
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Optional<InetAddress> address = IpLiteral.parseV6(text.toString());
            if (address.isPresent()) {
                read++;
                assertThat(address)
                        .as("-Dsocketz.seed=%d, %s", seed, text)
                        .contains(InetAddress.getByName(text.toString()));
            }
        }
        assertThat(read).as("-Dsocketz.seed=%d", seed).isGreaterThan(1_000);
    }

    /** 4 or 16 random octets, many of which are zero. */
    private static byte[] sparse(Random random) {
        byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = random.nextInt(3) == 0 ? (byte) random.nextInt() : 0;
        }
        return octets;
    }
}
