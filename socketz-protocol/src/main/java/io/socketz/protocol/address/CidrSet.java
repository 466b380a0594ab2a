package io.socketz.protocol.address;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Some blocks of IP addresses, {@code 10.0.0.0/8,::1}; immutable. */
public final class CidrSet {
    /** The set without a block, which contains no address. */
    public static final CidrSet NONE = new CidrSet(List.of());

    private final List<Cidr> blocks;

    private CidrSet(List<Cidr> blocks) {
        this.blocks = blocks;
    }

    /**
     * Reads blocks separated by commas, with blanks around them if one likes. A blank text is {@link #NONE}.
     *
     * @throws IllegalArgumentException if an element is no block, as {@link Cidr#parse} says it
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

    /** Whether the address is of one of the blocks. */
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
