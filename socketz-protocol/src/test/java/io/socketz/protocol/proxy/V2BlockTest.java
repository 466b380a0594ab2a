package io.socketz.protocol.proxy;

import static io.socketz.protocol.proxy.Decoding.V2_SIGNATURE;
import static io.socketz.protocol.proxy.Decoding.decode;
import static io.socketz.protocol.proxy.Decoding.hex;
import static io.socketz.protocol.proxy.Decoding.join;
import static io.socketz.protocol.proxy.Decoding.proxied;
import static io.socketz.protocol.proxy.Decoding.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.proxy.ProxyException.Reason;
import io.socketz.protocol.proxy.ProxyHeader.Local;
import java.net.Inet4Address;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V2BlockTest {
    private static final String INET = "C0000201 C000020B DC04 01BB";
    private static final String INET6 = "20010DB8000000000000000000000001 20010DB800000000000000000000000B DC04 01BB";

    @Test
    void aTcpOverIpv4BlockYieldsItsAddresses() {
        byte[] header = hex("0D0A0D0A 000D0A51 5549540A 21 11 000C C0000201 C000020B DC04 01BB");
        Decoding decoding = decode(header);
        assertThat(decoding.header()).contains(proxied("192.0.2.1:56324", "192.0.2.11:443"));
        assertThat(decoding.taken()).isEqualTo(28);
    }

    @Test
    void aTcpOverIpv6BlockYieldsItsAddresses() {
        Decoding decoding = decode(after("21 21 0024" + INET6));
        assertThat(decoding.header()).contains(proxied("[2001:db8::1]:56324", "[2001:db8::b]:443"));
        assertThat(decoding.taken()).isEqualTo(52);
    }

    @Test
    void everySequenceOfBytesIsAnAddress() {
        assertThat(decode(after("21 11 000C 00000000 FFFFFFFF 0000 FFFF")).header())
                .contains(proxied("0.0.0.0:0", "255.255.255.255:65535"));
    }

    @Test
    void anIpv4MappedClientIsAnIpv4Client() {
        String mapped = "00000000 00000000 0000FFFF ";
        ProxyHeader header = decode(after("21 21 0024" + mapped + "C0000201" + mapped + "C000020B DC04 01BB"))
                .header()
                .orElseThrow();
        assertThat(header).isEqualTo(proxied("192.0.2.1:56324", "192.0.2.11:443"));
        assertThat(((ProxyHeader.Proxied) header).source().getAddress()).isInstanceOf(Inet4Address.class);
    }

    @Test
    void tlvsAreSkippedWhateverTheyContain() {
        byte[] noop = after("21 11 0013" + INET + "04 0004 00000000");
        assertThat(decode(noop).header()).contains(proxied("192.0.2.1:56324", "192.0.2.11:443"));
        assertThat(decode(noop).taken()).isEqualTo(16 + 12 + 7);

        byte[] torn = after("21 21 0026" + INET6 + "04FF");
        assertThat(decode(torn).header()).contains(proxied("[2001:db8::1]:56324", "[2001:db8::b]:443"));
        assertThat(decode(torn).taken()).isEqualTo(16 + 36 + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "11", "12", "21", "22", "31", "32", "F0", "0F", "FF"})
    void aLocalHeaderIsLocalWhateverItsFamily(String family) {
        assertThat(decode(after("20" + family + "0000")).header()).contains(new Local());
        Decoding withAddresses = decode(after("20" + family + "000C" + INET));
        assertThat(withAddresses.header()).contains(new Local());
        assertThat(withAddresses.taken()).isEqualTo(28);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "10", "20", "30"})
    void anUnspecifiedFamilyOrTransportIsLocal(String family) {
        assertThat(decode(after("21" + family + "0000")).header()).contains(new Local());
        Decoding withAddresses = decode(after("21" + family + "000C" + INET));
        assertThat(withAddresses.header()).contains(new Local());
        assertThat(withAddresses.taken()).isEqualTo(28);
    }

    @Test
    void aUnixSocketIsLocal() {
        Decoding decoding = decode(join(after("21 31 00D8"), new byte[216]));
        assertThat(decoding.header()).contains(new Local());
        assertThat(decoding.taken()).isEqualTo(16 + 216);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void anInvalidSignatureIsRefusedAtItsFirstInvalidByte(int index) {
        byte[] bytes = Arrays.copyOf(V2_SIGNATURE, index + 1);
        bytes[index] ^= 0x20;
        assertThat(refusal(bytes)).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void aV1LineAfterHalfABinarySignatureIsRefused() {
        assertThat(refusal(hex("0D0A0D0A 50"))).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @CsvSource({
        "01, BAD_VERSION",
        "11, BAD_VERSION",
        "31, BAD_VERSION",
        "F0, BAD_VERSION",
        "22, BAD_COMMAND",
        "2F, BAD_COMMAND",
        "21 41, BAD_FAMILY",
        "21 F0, BAD_FAMILY",
        "21 13, BAD_TRANSPORT",
        "21 0F, BAD_TRANSPORT",
        "21 02, BAD_TRANSPORT", // datagrams
        "21 12, BAD_TRANSPORT",
        "21 22, BAD_TRANSPORT",
        "21 32, BAD_TRANSPORT",
        "21 11 0000, TRUNCATED",
        "21 11 000B, TRUNCATED",
        "21 21 000C, TRUNCATED",
        "21 21 0023, TRUNCATED",
        "21 31 00D7, TRUNCATED",
        "21 11 1001, TOO_LONG",
        "21 00 FFFF, TOO_LONG",
        "20 00 1001, TOO_LONG",
    })
    void anyOtherFieldIsRefusedAtItsFirstInvalidByte(String afterSignature, Reason reason) {
        assertThat(refusal(after(afterSignature))).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20 00", "21 11"})
    void theLengthIsAtMost4096Bytes(String begin) {
        byte[] header = join(after(begin + "1000"), new byte[ProxyDecoder.MAX_V2_LENGTH]);
        Decoding whole = decode(header, header.length);
        assertThat(whole.header()).isPresent();
        assertThat(whole.taken()).isEqualTo(16 + 4096);
        whole.mustBe(Decoding.byteByByte(header), header);
    }

    @Test
    void anUnfinishedHeaderNeedsMoreBytes() {
        byte[] header = after("21 21 0024" + INET6);
        byte[] butOne = Arrays.copyOf(header, header.length - 1);
        Decoding decoding = decode(butOne);
        assertThat(decoding.header()).isEmpty();
        assertThat(decoding.reason()).isEmpty();
        assertThat(decoding.taken()).isEqualTo(butOne.length);
    }

    private static byte[] after(String afterSignature) {
        return join(V2_SIGNATURE, hex(afterSignature));
    }
}
