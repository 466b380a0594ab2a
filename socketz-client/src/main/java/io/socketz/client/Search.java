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
 * Which address to try next. Pure: does no lookups and makes no connections. Owned by the client's thread.
 *
 * <pre>{@code
 *   begin --> address --> name --onFound--> its addresses, one by one --> address --> ... --> none left: the round is over
 * }</pre>
 *
 * <p>An address may have alternatives: a host without a port has two. The next alternative is tried when nothing
 * listens at those before it; a server that listens and refuses is not bypassed. After a connection through one
 * alternative, the others are forgotten: a client that came through a balancer must not go around it while that is
 * restarted.
 *
 * <p>A round tries each address once. The order is drawn once for each client, so that many clients with the same list
 * spread over it. The addresses of a name are shuffled at each lookup, each family by itself: the resolver knows which
 * family is better. The server that was lost comes last in the next round.
 */
final class Search {
    private final Random random;

    /** In the order in which they are tried; the one that was lost goes to the end. */
    private final List<List<HostPort>> order;

    private int turn;

    /** The remaining alternatives of the address whose turn it is. */
    private final Deque<HostPort> alternatives = new ArrayDeque<>();

    /** The remaining addresses of the name whose turn it is. */
    private final Deque<Candidate> found = new ArrayDeque<>();

    /** Where the last connection went. */
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

    /** Whether the round has more to try. */
    boolean hasNext() {
        return !found.isEmpty() || !alternatives.isEmpty() || turn < order.size();
    }

    /** What to try next. Only if {@link #hasNext}. */
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

    /**
     * Something listens where the last attempt went, or its name could not be resolved: its alternatives are not tried.
     */
    void skipOtherPorts() {
        alternatives.clear();
    }

    /** A lookup found these addresses of the name whose turn it is. */
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
