package io.socketz.protocol.address;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * A block of IP addresses in the notation of RFC 4632 section 3.1 and RFC 4291 section 2.3: {@code 10.0.0.0/8},
 * {@code fd00::/8}; an address alone is the block of that address.
 *
 * <p>An IPv4-mapped IPv6 address is that IPv4 address: {@code ::ffff:10.0.0.0/104} is {@code 10.0.0.0/8}. Any other
 * IPv6 block, {@code ::/0} too, contains no IPv4 address.
 */
public final class Cidr {
    private static final int MAPPED_PREFIX_LENGTH = 96;

    private final byte[] network; // 4 or 16 octets, zero beyond the prefix
    private final int prefixLength; // in bits

    private Cidr(byte[] network, int prefixLength) {
        this.network = network;
        this.prefixLength = prefixLength;
    }

    /**
     * Reads {@code address} or {@code address/length}, where the length is 0 to 32 for IPv4 and 0 to 128 for IPv6.
     * Bits beyond the length are cleared: {@code 10.1.2.3/8} is {@code 10.0.0.0/8}.
     *
     * @throws IllegalArgumentException if the text is not a block, with a message of one line for the user
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> address = IpLiteral.parse(literal);
        if (address.isEmpty()) {
            throw notABlock(text, "no IP address");
        }
        int bits = literal.indexOf(':') < 0 ? 32 : 128;
        int length = slash < 0 ? bits : IpLiteral.decimal(text, slash + 1, text.length(), bits);
        if (length < 0) {
            throw notABlock(text, "prefix length 0 to " + bits);
        }
        byte[] octets = IpLiteral.octets(address.get());
        if (bits == 128 && octets.length == 4) {
            if (length < MAPPED_PREFIX_LENGTH) {
                throw notABlock(text, "prefix length 96 to 128 for an IPv4-mapped address");
            }
            length -= MAPPED_PREFIX_LENGTH;
        }
        mask(octets, length);
        return new Cidr(octets, length);
    }

    /** Whether the address is in this block; a zone is ignored. */
    public boolean contains(InetAddress address) {
        byte[] octets = IpLiteral.octets(address);
        if (octets.length != network.length) {
            return false;
        }
        mask(octets, prefixLength);
        return Arrays.equals(octets, network);
    }

    /** The canonical text, always with the length: {@code 10.0.0.0/8}, {@code ::1/128}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        IpLiteral.append(out, network);
        return out.append('/').append(prefixLength).toString();
    }

    /** Clears all bits beyond the first {@code length}. */
    private static void mask(byte[] octets, int length) {
        for (int i = 0; i < octets.length; i++) {
            int kept = Math.min(8, Math.max(0, length - 8 * i));
            octets[i] &= (byte) (0xff << (8 - kept));
        }
    }

    private static IllegalArgumentException notABlock(String text, String why) {
        return new IllegalArgumentException(Quoted.quoted(text) + " is not an address block: " + why);
    }
}
