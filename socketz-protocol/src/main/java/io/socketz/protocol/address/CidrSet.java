package io.socketz.protocol.address;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A set of blocks of IP addresses: {@code 10.0.0.0/8,::1}; immutable. */
public final class CidrSet {
    /** The empty set, which contains no address. */
    public static final CidrSet NONE = new CidrSet(List.of());

    private final List<Cidr> blocks;

    private CidrSet(List<Cidr> blocks) {
        this.blocks = blocks;
    }

    /**
     * Reads blocks separated by commas, with optional blanks around them. A blank text is {@link #NONE}.
     *
     * @throws IllegalArgumentException if an element is not a block, with the message of {@link Cidr#parse}
     */
    public static CidrSet parse(String text) {
        if (text.isBlank()) {
            return NONE;
        }
        List<Cidr> blocks = new ArrayList<>();
        for (String element : text.split(",", -1)) {
            blocks.add(Cidr.parse(element.strip()));
        }
        return new CidrSet(List.copyOf(blocks));
    }

    /** Whether the address is in one of the blocks. */
    public boolean contains(InetAddress address) {
        for (Cidr block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is no block. */
    public boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** The blocks as {@link Cidr#toString} writes them, separated by commas; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return blocks.stream().map(Cidr::toString).collect(Collectors.joining(","));
    }
}
