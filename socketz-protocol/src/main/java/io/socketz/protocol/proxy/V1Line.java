package io.socketz.protocol.proxy;

import static io.socketz.protocol.proxy.ProxyException.check;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.protocol.proxy.ProxyException.Reason;
import io.socketz.protocol.proxy.ProxyHeader.Local;
import io.socketz.protocol.proxy.ProxyHeader.Proxied;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A header of version 1, section 2.1, byte by byte:
 *
 * <pre>
 *   PROXY TCP4 192.0.2.1 192.0.2.11 56324 443 CRLF
 *   PROXY TCP6 2001:db8::1 2001:db8::11 56324 443 CRLF
 *   PROXY UNKNOWN anything CRLF
 *
 *   SIGNATURE -&gt; FAMILY -- TCP4, TCP6 --&gt; SOURCE -&gt; DESTINATION -&gt; SOURCE_PORT -&gt; DESTINATION_PORT
 *                  |  |                                                                   |
 *                  |  +--- UNKNOWN blank --&gt; IGNORED -- CR --+                            CR
 *                  |                                         v                            v
 *                  +------ UNKNOWN CR ------------------&gt; LINE_FEED &lt;---------------------+
 * </pre>
 *
 * Strict throughout: single blanks, no leading zeros, and CR and LF only at the end of the line, even after UNKNOWN, where
 * everything else is ignored.
 */
final class V1Line {
    /** The longest line, in bytes, including its CRLF. */
    static final int MAX_BYTES = 107;

    private static final byte[] SIGNATURE = "PROXY ".getBytes(US_ASCII);
    static final byte FIRST_BYTE = SIGNATURE[0];

    private static final String TCP4 = "TCP4";
    private static final String TCP6 = "TCP6";
    private static final String UNKNOWN = "UNKNOWN";

    private enum Field {
        SIGNATURE, // -> FAMILY
        FAMILY, // -> SOURCE, IGNORED, LINE_FEED
        SOURCE, // -> DESTINATION
        DESTINATION, // -> SOURCE_PORT
        SOURCE_PORT, // -> DESTINATION_PORT
        DESTINATION_PORT, // -> LINE_FEED
        IGNORED, // -> LINE_FEED
        LINE_FEED
    }

    private final StringBuilder text = new StringBuilder(); // of the field that is being read
    private final List<InetAddress> addresses = new ArrayList<>(2);
    private final List<Integer> ports = new ArrayList<>(2);
    private Field field = Field.SIGNATURE;
    private boolean v6;
    private int length; // in bytes, of the line so far

    /** Takes the next byte; returns the header if that was its last. */
    Optional<ProxyHeader> add(byte b) throws ProxyException {
        char c = (char) (b & 0xff);
        length++;
        check(c != '\n' || field == Field.SIGNATURE || field == Field.LINE_FEED, Reason.BAD_LINE_END);
        switch (field) {
            case SIGNATURE -> onSignature(b);
            case FAMILY -> onFamily(c);
            case SOURCE, DESTINATION -> onAddress(c);
            case SOURCE_PORT, DESTINATION_PORT -> onPort(c);
            case IGNORED -> onIgnored(c);
            case LINE_FEED -> {
                check(c == '\n', Reason.BAD_LINE_END);
                return Optional.of(header());
            }
        }
        check(length < MAX_BYTES, Reason.TOO_LONG);
        return Optional.empty();
    }

    /** How many bytes of the line are kept now. */
    int held() {
        return text.length();
    }

    private void onSignature(byte b) throws ProxyException {
        check(b == SIGNATURE[length - 1], Reason.BAD_SIGNATURE);
        if (length == SIGNATURE.length) {
            field = Field.FAMILY;
        }
    }

    private void onFamily(char c) throws ProxyException {
        if (c != ' ' && c != '\r') {
            text.append(c);
            String word = text.toString();
            check(TCP4.startsWith(word) || TCP6.startsWith(word) || UNKNOWN.startsWith(word), Reason.BAD_FAMILY);
            return;
        }
        String family = endOfField();
        if (family.equals(UNKNOWN)) {
            field = c == ' ' ? Field.IGNORED : Field.LINE_FEED;
        } else {
            v6 = family.equals(TCP6);
            check(c == ' ' && (v6 || family.equals(TCP4)), Reason.BAD_FAMILY);
            field = Field.SOURCE;
        }
    }

    private void onAddress(char c) throws ProxyException {
        if (c != ' ') {
            check(v6 ? HexFormat.isHexDigit(c) || c == ':' || c == '.' : isDigit(c) || c == '.', Reason.BAD_ADDRESS);
            text.append(c);
            return;
        }
        String literal = endOfField();
        Optional<InetAddress> address = v6 ? IpLiteral.parseV6(literal) : IpLiteral.parseV4(literal);
        addresses.add(address.orElseThrow(() -> new ProxyException(Reason.BAD_ADDRESS)));
        field = field == Field.SOURCE ? Field.DESTINATION : Field.SOURCE_PORT;
    }

    private void onPort(char c) throws ProxyException {
        boolean last = field == Field.DESTINATION_PORT;
        if (c != (last ? '\r' : ' ')) {
            // The beginning of a port is a port too, so each digit can be checked when it arrives.
            text.append(c);
            check(HostPort.parsePort(text.toString()).isPresent(), Reason.BAD_PORT);
            return;
        }
        ports.add(HostPort.parsePort(endOfField()).orElseThrow(() -> new ProxyException(Reason.BAD_PORT)));
        field = last ? Field.LINE_FEED : Field.DESTINATION_PORT;
    }

    private void onIgnored(char c) throws ProxyException {
        if (c == '\r') {
            field = Field.LINE_FEED;
        }
    }

    private ProxyHeader header() {
        if (addresses.isEmpty()) {
            return new Local();
        }
        return new Proxied(
                new InetSocketAddress(addresses.get(0), ports.get(0)),
                new InetSocketAddress(addresses.get(1), ports.get(1)));
    }

    private String endOfField() {
        String value = text.toString();
        text.setLength(0);
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
