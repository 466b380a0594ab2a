package io.socketz.protocol.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.socketz.protocol.Splits;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.protocol.proxy.ProxyException.Reason;
import io.socketz.protocol.proxy.ProxyHeader.Proxied;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The result of decoding some bytes.
 *
 * @param header the decoded header, unless the bytes were refused
 * @param reason why the bytes were refused, if they were
 * @param taken the number of bytes in the header; after a refusal, the number of bytes in the earlier pieces
 */
record Decoding(Optional<ProxyHeader> header, Optional<Reason> reason, int taken) {
    static final byte[] V2_SIGNATURE = hex("0D0A0D0A 000D0A51 5549540A");

    /** Surrounds the bytes in the buffer; it begins a header, so that a test fails if the decoder reads it. */
    private static final byte AROUND = 'P';

    /** Decodes the bytes in one piece, split at every position and byte by byte; checks that all results are equal. */
    static Decoding decode(byte[] bytes) {
        Decoding whole = decode(bytes, bytes.length);
        Splits.of(bytes.length).forEach(ends -> whole.mustBe(decode(bytes, ends), bytes));
        return whole;
    }

    static Decoding byteByByte(byte[] bytes) {
        return decode(bytes, Splits.byteByByte(bytes.length));
    }

    /** Decodes the bytes in pieces that end at these positions. */
    static Decoding decode(byte[] bytes, int... ends) {
        ProxyDecoder decoder = new ProxyDecoder();
        int taken = 0;
        for (int end : ends) {
            byte[] buffer = new byte[end - taken + 3];
            Arrays.fill(buffer, AROUND);
            System.arraycopy(bytes, taken, buffer, 2, end - taken);
            int to = buffer.length - 1;
            int at;
            try {
                at = decoder.decode(buffer, 2, to);
            } catch (ProxyException e) {
                return new Decoding(Optional.empty(), Optional.of(e.reason()), taken);
            }
            assertThat(at).isBetween(2, to);
            assertThat(decoder.held()).isLessThanOrEqualTo(ProxyDecoder.MAX_HELD_BYTES);
            taken += at - 2;
            if (decoder.isDone()) {
                return new Decoding(Optional.of(decoder.header()), Optional.empty(), taken);
            }
            assertThat(at).as("everything is taken while more is needed").isEqualTo(to);
        }
        return new Decoding(Optional.empty(), Optional.empty(), taken);
    }

    /** Decodes bytes that must be refused at the last byte and not before. */
    static Reason refusal(byte[] bytes) {
        Decoding decoding = decode(bytes);
        assertThat(byteByByte(bytes).taken()).as("bytes before the invalid one").isEqualTo(bytes.length - 1);
        return decoding.reason().orElseGet(() -> fail("not refused: " + decoding));
    }

    static Proxied proxied(String source, String destination) {
        return new Proxied(socket(source), socket(destination));
    }

    static byte[] latin1(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Parses hexadecimal digits, with optional blanks between them. */
    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static byte[] join(byte[]... parts) {
        byte[] all = new byte[0];
        for (byte[] part : parts) {
            int length = all.length;
            all = Arrays.copyOf(all, length + part.length);
            System.arraycopy(part, 0, all, length, part.length);
        }
        return all;
    }

    /** Fails unless {@code other}, from the same bytes in other pieces, is the same result. */
    void mustBe(Decoding other, byte[] bytes) {
        boolean same = header.equals(other.header)
                && reason.equals(other.reason)
                && (reason.isPresent() || taken == other.taken);
        assertThat(same)
                .as("%s and %s from %s", this, other, HexFormat.of().formatHex(bytes))
                .isTrue();
    }

    private static InetSocketAddress socket(String text) {
        HostPort hostPort = HostPort.parse(text);
        return new InetSocketAddress(IpLiteral.parse(hostPort.host()).orElseThrow(), hostPort.port());
    }
}
