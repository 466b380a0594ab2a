package io.socketz.protocol.proxy;

import static io.socketz.protocol.proxy.Decoding.V2_SIGNATURE;
import static io.socketz.protocol.proxy.Decoding.byteByByte;
import static io.socketz.protocol.proxy.Decoding.decode;
import static io.socketz.protocol.proxy.Decoding.join;
import static io.socketz.protocol.proxy.Decoding.latin1;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.Splits;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.protocol.proxy.ProxyException.Reason;
import io.socketz.protocol.proxy.ProxyHeader.Local;
import io.socketz.protocol.proxy.ProxyHeader.Proxied;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random headers, valid and damaged. {@code -Dsocketz.seed=N} reproduces a run. */
class ProxyFuzzTest {
    private static final int HEADERS = 120_000;
    private static final byte[] TELLING = latin1("\r\n\0 PTU0146:.\u007f\u00ff!\u0011");

    /** Matches a complete line of version 1 and the bytes after it, independently of the decoder. */
    private static final Pattern LINE = Pattern.compile(
            "PROXY (?:UNKNOWN(?: [^\r\n]*)?|TCP4 V4 V4 PORT PORT|TCP6 (\\S+) (\\S+) PORT PORT)\r\n.*"
                    .replace("V4", "OCTET\\.OCTET\\.OCTET\\.OCTET")
                    .replace("OCTET", "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])")
                    .replace(
                            "PORT",
                            "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}|0)"),
            Pattern.DOTALL);

    private final long seed = Long.getLong("socketz.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void everyHeaderYieldsTheAddressesThatWereWritten() throws UnknownHostException {
        for (int i = 0; i < HEADERS / 10; i++) {
            Sample sample = sample();
            byte[] surplus = bytes(random.nextInt(20));
            byte[] all = join(sample.bytes, surplus);
            Decoding decoding = sameInPieces(all);
            assertThat(decoding.header()).as(() -> shown(all)).contains(sample.header);
            assertThat(decoding.taken()).as(() -> shown(all)).isEqualTo(sample.bytes.length);
        }
    }

    @Test
    void aDamagedHeaderYieldsTheSameResultHoweverItIsSplit() throws UnknownHostException {
        Set<Reason> seen = EnumSet.noneOf(Reason.class);
        int accepted = 0;
        for (int i = 0; i < HEADERS; i++) {
            byte[] all = join(damage(sample().bytes), bytes(random.nextInt(4)));
            Decoding decoding = sameInPieces(all);
            accepted += decoding.header().isPresent() ? 1 : 0;
            decoding.reason().ifPresent(seen::add);
            if (all.length > 0 && all[0] == 'P') {
                assertThat(decoding.header().isPresent()).as(() -> shown(all)).isEqualTo(isLine(all));
            }
        }
        assertThat(seen).as("-Dsocketz.seed=%d", seed).containsExactlyInAnyOrder(Reason.values());
        assertThat(accepted).as("-Dsocketz.seed=%d", seed).isBetween(HEADERS / 20, HEADERS - HEADERS / 20);
    }

    /** In one piece, byte by byte, and split at up to three random positions. */
    private Decoding sameInPieces(byte[] all) {
        try {
            Decoding whole = decode(all, all.length);
            whole.mustBe(byteByByte(all), all);
            whole.mustBe(decode(all, Splits.random(random, 4, all.length)), all);
            assertThat(whole.taken()).isLessThanOrEqualTo(all.length);
            return whole;
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(shown(all), e);
        }
    }

    private static boolean isLine(byte[] all) {
        String text = new String(all, ISO_8859_1);
        Matcher line = LINE.matcher(text);
        return line.matches() && text.indexOf('\n') < V1Line.MAX_BYTES && isV6(line, 1) && isV6(line, 2);
    }

    private static boolean isV6(Matcher line, int group) {
        return line.start(group) < 0 || IpLiteral.parseV6(line.group(group)).isPresent();
    }

    private static final class Sample {
        final byte[] bytes;
        final ProxyHeader header; // in the bytes

        Sample(byte[] bytes, ProxyHeader header) {
            this.bytes = bytes;
            this.header = header;
        }
    }

    private Sample sample() throws UnknownHostException {
        boolean v6 = random.nextBoolean();
        Proxied proxied = new Proxied(socket(v6), socket(v6));
        return switch (random.nextInt(6)) {
            case 0 -> new Sample(latin1("PROXY UNKNOWN\r\n"), new Local());
            case 1 -> new Sample(latin1("PROXY UNKNOWN " + "x ".repeat(random.nextInt(46)) + "\r\n"), new Local());
            case 2 -> new Sample(v2(0x20, random.nextInt(256), bytes(random.nextInt(60))), new Local());
            case 3 -> new Sample(v2(0x21, v6 ? 0x21 : 0x11, addresses(proxied)), proxied);
            default -> new Sample(v1(v6, proxied), proxied);
        };
    }

    private InetSocketAddress socket(boolean v6) throws UnknownHostException {
        byte[] octets = bytes(v6 ? 16 : 4);
        if (v6 && random.nextBoolean()) {
            Arrays.fill(octets, random.nextInt(8), 8 + random.nextInt(8), (byte) 0);
        }
        if (v6) {
            octets[11] &= 0x7f; // never IPv4-mapped
        }
        int port = random.nextInt(65_536) >> random.nextInt(17);
        return new InetSocketAddress(InetAddress.getByAddress(octets), port);
    }

    private static byte[] v1(boolean v6, Proxied proxied) {
        return latin1("PROXY " + (v6 ? "TCP6 " : "TCP4 ")
                + IpLiteral.format(proxied.source().getAddress()) + " "
                + IpLiteral.format(proxied.destination().getAddress()) + " "
                + proxied.source().getPort() + " "
                + proxied.destination().getPort() + "\r\n");
    }

    private static byte[] v2(int versionCommand, int family, byte[] rest) {
        byte[] fixed = {
            (byte) versionCommand, (byte) family, (byte) (rest.length >> 8), (byte) rest.length,
        };
        return join(V2_SIGNATURE, fixed, rest);
    }

    /** The address block, and some TLVs or bytes that resemble them. */
    private byte[] addresses(Proxied proxied) {
        int source = proxied.source().getPort();
        int destination = proxied.destination().getPort();
        byte[] ports = {
            (byte) (source >> 8), (byte) source, (byte) (destination >> 8), (byte) destination,
        };
        return join(
                proxied.source().getAddress().getAddress(),
                proxied.destination().getAddress().getAddress(),
                ports,
                bytes(random.nextBoolean() ? 0 : random.nextInt(60)));
    }

    /** Makes one to three changes: changes, removes, inserts or doubles a byte, or cuts off the end. */
    private byte[] damage(byte[] header) {
        byte[] bytes = header;
        for (int n = 1 + random.nextInt(3); n > 0 && bytes.length > 0; n--) {
            // Most of what can go wrong is in the fixed part of version 2.
            int at = bytes.length > 16 && random.nextBoolean() ? random.nextInt(16) : random.nextInt(bytes.length);
            byte[] before = Arrays.copyOf(bytes, at);
            byte[] after = Arrays.copyOfRange(bytes, at + 1, bytes.length);
            byte[] same = {bytes[at]};
            byte[] other = {
                random.nextBoolean()
                        ? TELLING[random.nextInt(TELLING.length)]
                        : (byte) (same[0] ^ 1 << random.nextInt(8))
            };
            bytes = switch (random.nextInt(8)) {
                case 0 -> join(before, after);
                case 1 -> join(before, other, same, after);
                case 2 -> join(before, same, same, after);
                case 3 -> random.nextInt(4) == 0 ? before : bytes;
                default -> join(before, other, after);
            };
        }
        return bytes;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private String shown(byte[] all) {
        return "-Dsocketz.seed=" + seed + ", " + HexFormat.of().formatHex(all);
    }
}
