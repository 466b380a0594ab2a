package io.socketz.protocol.proxy;

import static io.socketz.protocol.proxy.ProxyException.check;

import io.socketz.protocol.proxy.ProxyException.Reason;
import io.socketz.protocol.proxy.ProxyHeader.Local;
import io.socketz.protocol.proxy.ProxyHeader.Proxied;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A header of version 2, section 2.2, byte by byte; numbers are in network byte order:
 *
 * <pre>
 *    0..11   signature        0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A
 *   12       version | command      2 | 0 LOCAL, 1 PROXY
 *   13       family | transport     0 UNSPEC, 1 INET, 2 INET6, 3 UNIX | 0 UNSPEC, 1 STREAM, 2 DGRAM
 *   14..15   length           of all that follows, in bytes
 *   16..     source address, destination address, source port, destination port
 *            TLVs (sections 2.2.1 to 2.2.7), all skipped
 * </pre>
 *
 * After LOCAL the family is ignored, whatever it is. After PROXY, a family or transport UNSPEC means that what follows
 * is ignored, and datagrams are refused: this connection is a stream.
 */
final class V2Block {
    /** Longest header that is accepted, in bytes after the first 16. */
    static final int MAX_BYTES = 4_096;

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int VERSION_COMMAND = 12;
    private static final int FAMILY_TRANSPORT = 13;
    private static final int LENGTH = 14;
    private static final int ADDRESSES = 16;

    private static final int VERSION = 2;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int INET = 1;
    private static final int INET6 = 2;
    private static final int UNIX = 3;
    private static final int STREAM = 1;

    /** The bytes of the address block of each family, by its number. */
    private static final int[] ADDRESS_BLOCK = {0, 2 * 4 + 2 * 2, 2 * 16 + 2 * 2, 2 * 108};

    private final byte[] held = new byte[ADDRESSES + ADDRESS_BLOCK[INET6]]; // the rest is skipped
    private int size; // in bytes, of the header so far

    /** Takes the next byte; returns the header if that was its last. */
    Optional<ProxyHeader> add(byte b) throws ProxyException {
        int index = size++;
        if (index < held.length) {
            held[index] = b;
        }
        if (index < SIGNATURE.length) {
            check(b == SIGNATURE[index], Reason.BAD_SIGNATURE);
        } else if (index == VERSION_COMMAND) {
            check(high(index) == VERSION, Reason.BAD_VERSION);
            check(low(index) <= PROXY, Reason.BAD_COMMAND);
        } else if (index == FAMILY_TRANSPORT && !isLocal()) {
            check(high(index) <= UNIX, Reason.BAD_FAMILY);
            check(low(index) <= STREAM, Reason.BAD_TRANSPORT);
        } else if (index == LENGTH + 1) {
            onLength();
        }
        return size == ADDRESSES + number(LENGTH) ? Optional.of(header()) : Optional.empty();
    }

    /** How many bytes of the header are kept now. */
    int held() {
        return Math.min(size, held.length);
    }

    private void onLength() throws ProxyException {
        int length = number(LENGTH);
        check(length <= MAX_BYTES, Reason.TOO_LONG);
        if (hasAddresses()) {
            check(length >= ADDRESS_BLOCK[high(FAMILY_TRANSPORT)], Reason.TRUNCATED);
        }
    }

    private ProxyHeader header() {
        int family = high(FAMILY_TRANSPORT);
        if (!hasAddresses() || family == UNIX) {
            return new Local();
        }
        int bytes = family == INET ? 4 : 16;
        int destination = ADDRESSES + bytes;
        int ports = destination + bytes;
        return new Proxied(
                new InetSocketAddress(address(ADDRESSES, bytes), number(ports)),
                new InetSocketAddress(address(destination, bytes), number(ports + 2)));
    }

    private boolean isLocal() {
        return low(VERSION_COMMAND) == LOCAL;
    }

    /** Whether the header has addresses that count. */
    private boolean hasAddresses() {
        return !isLocal() && high(FAMILY_TRANSPORT) >= INET && low(FAMILY_TRANSPORT) == STREAM;
    }

    private int high(int index) {
        return (held[index] & 0xf0) >> 4;
    }

    private int low(int index) {
        return held[index] & 0x0f;
    }

    private int number(int index) {
        return (held[index] & 0xff) << 8 | (held[index + 1] & 0xff);
    }

    private InetAddress address(int from, int bytes) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(held, from, from + bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes, not " + bytes, e);
        }
    }
}
