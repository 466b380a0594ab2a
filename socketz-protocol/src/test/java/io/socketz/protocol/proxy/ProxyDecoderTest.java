package io.socketz.protocol.proxy;

import static io.socketz.protocol.proxy.Decoding.V2_SIGNATURE;
import static io.socketz.protocol.proxy.Decoding.decode;
import static io.socketz.protocol.proxy.Decoding.hex;
import static io.socketz.protocol.proxy.Decoding.join;
import static io.socketz.protocol.proxy.Decoding.latin1;
import static io.socketz.protocol.proxy.Decoding.proxied;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.socketz.protocol.proxy.ProxyException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyDecoderTest {
    private static final byte[] V1 = latin1("PROXY TCP4 192.0.2.1 192.0.2.11 56324 443\r\n");
    private static final byte[] V2 = join(V2_SIGNATURE, hex("21 11 000C C0000201 C000020B DC04 01BB"));

    @Test
    void theBytesAfterAVersion1HeaderAreHandedBack() {
        assertThat(decode(join(V1, latin1("WHO\nQUIT\n"))).taken()).isEqualTo(V1.length);
        assertThat(decode(join(V1, V1)).taken()).isEqualTo(V1.length);
        assertThat(decode(join(V1, latin1("\n"))).taken()).isEqualTo(V1.length);
    }

    @Test
    void theBytesAfterAVersion2HeaderAreHandedBack() {
        assertThat(decode(join(V2, latin1("WHO\nQUIT\n"))).taken()).isEqualTo(V2.length);
        assertThat(decode(join(V2, V2)).taken()).isEqualTo(V2.length);
        assertThat(decode(join(V2_SIGNATURE, hex("20 00 0000"), V1)).taken()).isEqualTo(16);
    }

    @Test
    void aFinishedDecoderTakesNoMoreBytes() throws ProxyException {
        ProxyDecoder decoder = new ProxyDecoder();
        decoder.decode(V1, 0, V1.length);
        assertThat(decoder.decode(latin1("WHO\n"), 1, 4)).isEqualTo(1);
        assertThat(decoder.isDone()).isTrue();
        assertThat(decoder.header()).isEqualTo(proxied("192.0.2.1:56324", "192.0.2.11:443"));
    }

    @Test
    void thereIsNoHeaderBeforeTheDecoderIsDone() throws ProxyException {
        ProxyDecoder decoder = new ProxyDecoder();
        decoder.decode(V2, 0, V2.length - 1);
        assertThat(decoder.isDone()).isFalse();
        assertThatThrownBy(decoder::header)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the header is not complete");
    }

    @Test
    void anEmptyPieceIsAccepted() throws ProxyException {
        ProxyDecoder decoder = new ProxyDecoder();
        assertThat(decoder.decode(V1, 3, 3)).isEqualTo(3);
        assertThat(decoder.isDone()).isFalse();
    }

    @Test
    void aRefusalIsFinal() {
        ProxyDecoder decoder = new ProxyDecoder();
        assertThatThrownBy(() -> decoder.decode(latin1("PRO-"), 0, 4)).isInstanceOf(ProxyException.class);
        assertThatThrownBy(() -> decoder.decode(latin1("XY "), 0, 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the header was refused");
        assertThat(decoder.isDone()).isFalse();
        assertThatThrownBy(decoder::header).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void bytesOutsideTheRangeAreNotRead() {
        ProxyDecoder decoder = new ProxyDecoder();
        assertThatThrownBy(() -> decoder.decode(V1, 0, V1.length + 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> decoder.decode(V1, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> decoder.decode(V1, 2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void onlyTheAddressesOfALongHeaderAreKept() throws ProxyException {
        ProxyDecoder decoder = new ProxyDecoder();
        byte[] header = join(V2_SIGNATURE, hex("21 21 1000"), new byte[4_095]);
        decoder.decode(header, 0, header.length);
        assertThat(decoder.isDone()).isFalse();
        assertThat(decoder.held()).isEqualTo(52);
    }

    @Test
    void anErrorExplainsWhatIsWrongWithoutQuotingTheInput() {
        ProxyException e = catchThrowableOfType(
                ProxyException.class, () -> new ProxyDecoder().decode(latin1("PROXY SECRET\n"), 0, 13));
        assertThat(e).hasMessage("bad PROXY header: unknown address family");
        assertThat(e.reason()).isEqualTo(Reason.BAD_FAMILY);
        assertThat(e.getStackTrace()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonHasAMessageOfOneLine(Reason reason) {
        assertThat(new ProxyException(reason)).hasMessageMatching("bad PROXY header: [A-Za-z ]+");
    }
}
