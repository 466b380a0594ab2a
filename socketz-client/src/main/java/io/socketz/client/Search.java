package io.socketz.client;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.address.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Which address is tried next. Pure: looks nothing up, connects to nothing. Owned by the client's thread.
 *
 * <pre>{@code
 *   begin --> address --> name --onFound--> its addresses, one by one --> address --> ... --> none: the round is over
 * }</pre>
 *
 * <p>An address may have alternatives: a host without a port has two. The next of them is tried when nothing listens at
 * those before it; a server that listens and refuses is not passed by. After a connection through one of them, the
 * others are forgotten: who came through a balancer must not go around it while it is restarted.
 *
 * <p>A round tries each address once, in an order that is drawn once for a client, so that many clients with one list
 * spread over it. Addresses of one name are drawn anew at each look-up, within their families: the resolver knows which
 * of these is the better one. What was lost comes last in the next round.
 */
final class Search {
    private final Random random;

    /** In the order in which they are tried; what was lost goes to the end. */
    private final List<List<HostPort>> order;

    private int turn;

    /** What is left of the alternatives whose turn it is. */
    private final Deque<HostPort> alternatives = new ArrayDeque<>();

    /** What is left of the addresses of the name whose turn it is. */
    private final Deque<Candidate> found = new ArrayDeque<>();

    /** What the last connection was to. */
    private Optional<Candidate> lost = Optional.empty();

    /** @param places addresses, each with its alternatives, in the order in which these are tried */
    Search(List<List<HostPort>> places, boolean shuffle, Random random) {
        this.random = random;
        this.order = new ArrayList<>(places);
        if (shuffle) {
            Collections.shuffle(order, random);
        }
    }

    /** Begins a round. */
    void begin() {
        turn = 0;
        alternatives.clear();
        found.clear();
    }

    /** Begins a round after a connection was lost. */
    void beginWithout(Candidate lost) {
        this.lost = Optional.of(lost);
        if (order.removeIf(place -> place.contains(lost.asked()))) {
            order.add(List.of(lost.asked()));
        }
        begin();
    }

    /** Whether the round goes on. */
    boolean hasNext() {
        return !found.isEmpty() || !alternatives.isEmpty() || turn < order.size();
    }

    /** What is tried next; not at the end of a round. */
    Candidate next() {
        if (!found.isEmpty()) {
            return found.remove();
        }
        if (alternatives.isEmpty()) {
            alternatives.addAll(order.get(turn++));
        }
        HostPort asked = alternatives.remove();
        return new Candidate(asked, IpLiteral.parse(asked.host()));
    }

    /** Somebody listens where the last attempt went, or its name is of no use: its alternatives are not tried. */
    void skipOtherPorts() {
        alternatives.clear();
    }

    /** The name whose turn it is has these addresses. */
    void onFound(HostPort asked, List<InetAddress> addresses) {
        List<Candidate> candidates = new ArrayList<>();
        for (InetAddress address : addresses) {
            candidates.add(new Candidate(asked, Optional.of(address)));
        }
        Collections.shuffle(candidates, random);
        boolean firstIsV4 = addresses.get(0) instanceof Inet4Address;
        candidates.sort(Comparator.comparing((Candidate each) -> isV4(each) != firstIsV4)
                .thenComparing(each -> lost.filter(each::equals).isPresent()));
        found.addAll(candidates);
    }

    private static boolean isV4(Candidate candidate) {
        return candidate.address().filter(Inet4Address.class::isInstance).isPresent();
    }
}
