package io.socketz.state;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * A server of the cluster.
 *
 * @param id new at every start of the server
 * @param name what people call it, for example {@code server01}; need not be unique
 * @param address {@code host:port} at which others reach it
 * @param since when it started, in whole milliseconds
 * @param admin {@code host:port} of its admin port, by which other servers learn how it is; empty if it has none
 */
public record Member(UUID id, String name, String address, Instant since, Optional<String> admin) {
    /** The order in which servers started: by time, then by id, so that every server shows the same order. */
    public static final Comparator<Member> START_ORDER =
            Comparator.comparing(Member::since).thenComparing(Member::id);

    /** A server without an admin port. */
    public Member(UUID id, String name, String address, Instant since) {
        this(id, name, address, since, Optional.empty());
    }
}
