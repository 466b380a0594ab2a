package io.socketz.server.command;

import io.socketz.protocol.name.ServerReference;
import io.socketz.state.Member;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the server that the argument {@code SERVER} names. */
public final class ServerLookup {
    /** How many servers an error names. */
    private static final int MAX_NAMED_SERVERS = 10;

    private static final int MAX_NAME_LENGTH = 64;

    private ServerLookup() {}

    /**
     * The server that is meant.
     *
     * @throws RequestRefusedException if none of {@code members} is meant, or several
     */
    public static Member find(ServerReference reference, List<Member> members) throws RequestRefusedException {
        List<Member> meant = members.stream()
                .filter(member -> reference.matches(member.id(), member.name()))
                .toList();
        if (meant.isEmpty()) {
            String known = members.stream()
                    .limit(MAX_NAMED_SERVERS)
                    .map(ServerLookup::name)
                    .collect(Collectors.joining(", "));
            throw new RequestRefusedException("UNKNOWN_SERVER", "expected a server that SERVERS shows: " + known);
        }
        if (meant.size() > 1) {
            throw new RequestRefusedException(
                    "AMBIGUOUS_SERVER",
                    "expected the whole id of one server: " + meant.size() + " servers are called that");
        }
        return meant.get(0);
    }

    /** A name may contain what an error line may not. */
    private static String name(Member member) {
        boolean plain = member.name().length() <= MAX_NAME_LENGTH
                && member.name().chars().allMatch(c -> c > ' ' && c < 0x7f);
        return plain ? member.name() : member.id().toString();
    }
}
