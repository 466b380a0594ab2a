package io.socketz.protocol.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * IP addresses written as literals, read strictly and written canonically. A text that is not a literal is not an
 * address; it is never looked up.
 *
 * <p>IPv4 is four decimal octets without leading zeros, {@code 192.0.2.1}. IPv6 is RFC 4291 section 2.2 in all its
 * three forms: {@code 2001:DB8:0:0:8:800:200C:417A}, {@code 2001:db8::1}, {@code ::ffff:192.0.2.1}; a zone
 * ({@code %eth0}) is refused. An IPv4-mapped address is that IPv4 address, in both directions.
 */
public final class IpLiteral {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int MAPPED_PREFIX_BYTES = V6_BYTES - V4_BYTES;
    private static final int GROUP_BYTES = 2;
    private static final int MAX_GROUP_DIGITS = 4;
    private static final int INVALID = -1;

    private IpLiteral() {}

    /** Reads an IPv4 or IPv6 literal; empty if the text is neither. */
    public static Optional<InetAddress> parse(String text) {
        return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
    }

    /** Reads an IPv4 literal; empty if the text is not one. */
    public static Optional<InetAddress> parseV4(String text) {
        byte[] octets = new byte[V4_BYTES];
        return readV4(text, 0, octets, 0) ? Optional.of(address(octets)) : Optional.empty();
    }

    /**
     * Reads an IPv6 literal without brackets; empty if the text is not one.
     *
     * @return the address, an {@link java.net.Inet4Address} if the literal is IPv4-mapped
     */
    public static Optional<InetAddress> parseV6(String text) {
        byte[] octets = new byte[V6_BYTES];
        return readV6(text, octets) ? Optional.of(address(octets)) : Optional.empty();
    }

    /** The canonical text: RFC 5952 section 4 for IPv6, without a zone; plain IPv4 if the address is IPv4-mapped. */
    public static String format(InetAddress address) {
        StringBuilder out = new StringBuilder();
        append(out, octets(address));
        return out.toString();
    }

    /** The address as 4 octets if it is IPv4 or IPv4-mapped, as 16 otherwise. */
    static byte[] octets(InetAddress address) {
        byte[] octets = address.getAddress();
        return isMapped(octets) ? Arrays.copyOfRange(octets, MAPPED_PREFIX_BYTES, V6_BYTES) : octets;
    }

    /** The address of 4 or 16 octets. */
    static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 octets, not " + octets.length, e);
        }
    }

    /** Whether 16 octets are of {@code ::ffff:0:0/96}, RFC 4291 section 2.5.5.2. */
    static boolean isMapped(byte[] octets) {
        if (octets.length != V6_BYTES || octets[10] != (byte) 0xff || octets[11] != (byte) 0xff) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads {@code text[from, to)} as a decimal number without sign or leading zeros.
     *
     * @return the number, 0 to {@code max}, or -1 if the text is not such a number
     */
    static int decimal(String text, int from, int to, int max) {
        if (from == to || (text.charAt(from) == '0' && to - from > 1)) {
            return INVALID;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            value = value * 10 + digit;
            if (value > max) {
                return INVALID;
            }
        }
        return value;
    }

    /** Appends the canonical text of 4 or 16 octets. */
    static void append(StringBuilder out, byte[] octets) {
        if (octets.length == V4_BYTES) {
            appendV4(out, octets);
        } else {
            appendV6(out, octets);
        }
    }

    /** Reads {@code text} from {@code from} to its end as IPv4 into four bytes at {@code at}. */
    private static boolean readV4(String text, int from, byte[] octets, int at) {
        int start = from;
        for (int i = 0; i < V4_BYTES; i++) {
            boolean last = i == V4_BYTES - 1;
            int end = last ? text.length() : text.indexOf('.', start);
            int octet = end < 0 ? INVALID : decimal(text, start, end, 255);
            if (octet < 0) {
                return false;
            }
            octets[at + i] = (byte) octet;
            start = end + 1;
        }
        return true;
    }

    private static boolean readV6(String text, byte[] octets) {
        int length = text.length();
        int size = 0; // octets read
        int gap = INVALID; // how many of them stood before the '::'
        int i = 0;
        if (text.startsWith("::")) {
            gap = 0;
            i = 2;
        }
        while (i < length) {
            int colon = text.indexOf(':', i);
            int end = colon < 0 ? length : colon;
            if (colon < 0 && text.indexOf('.', i) >= 0) {
                if (size > MAPPED_PREFIX_BYTES || !readV4(text, i, octets, size)) {
                    return false;
                }
                size += V4_BYTES;
                break;
            }
            int group = group(text, i, end);
            if (group < 0 || size == V6_BYTES) {
                return false;
            }
            octets[size++] = (byte) (group >> 8);
            octets[size++] = (byte) group;
            if (colon < 0) {
                break;
            }
            i = colon + 1;
            if (i == length) {
                return false; // ends with a single colon
            }
            if (text.charAt(i) == ':') {
                if (gap >= 0) {
                    return false; // a second '::'
                }
                gap = size;
                i++;
            }
        }
        return gap < 0 ? size == V6_BYTES : widen(octets, size, gap);
    }

    /** Moves the octets after the gap to the end and puts zeros, at least one group of them, in between. */
    private static boolean widen(byte[] octets, int size, int gap) {
        if (size > V6_BYTES - GROUP_BYTES) {
            return false;
        }
        int tail = size - gap;
        System.arraycopy(octets, gap, octets, V6_BYTES - tail, tail);
        Arrays.fill(octets, gap, V6_BYTES - tail, (byte) 0);
        return true;
    }

    /** One to four hexadecimal digits in either case, or -1. */
    private static int group(String text, int from, int to) {
        if (from == to || to - from > MAX_GROUP_DIGITS) {
            return INVALID;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (!HexFormat.isHexDigit(digit)) {
                return INVALID;
            }
            value = value << 4 | HexFormat.fromHexDigit(digit);
        }
        return value;
    }

    private static void appendV4(StringBuilder out, byte[] octets) {
        for (int i = 0; i < V4_BYTES; i++) {
            if (i > 0) {
                out.append('.');
            }
            out.append(octets[i] & 0xff);
        }
    }

    private static void appendV6(StringBuilder out, byte[] octets) {
        // The longest run of at least two zero groups, the first of them on a tie (RFC 5952 section 4.2).
        int runStart = V6_BYTES;
        int runLength = GROUP_BYTES;
        int start = 0;
        for (int i = 0; i < V6_BYTES; i += GROUP_BYTES) {
            if (octets[i] != 0 || octets[i + 1] != 0) {
                start = i + GROUP_BYTES;
            } else if (i + GROUP_BYTES - start > runLength) {
                runStart = start;
                runLength = i + GROUP_BYTES - start;
            }
        }
        int i = 0;
        while (i < V6_BYTES) {
            if (i == runStart) {
                out.append("::");
                i += runLength;
            } else {
                if (i > 0 && i != runStart + runLength) {
                    out.append(':');
                }
                appendGroup(out, (octets[i] & 0xff) << 8 | (octets[i + 1] & 0xff));
                i += GROUP_BYTES;
            }
        }
    }

    private static void appendGroup(StringBuilder out, int group) {
        int shift = 12;
        while (shift > 0 && group >> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(group >> shift & 0xf, 16));
        }
    }
}
