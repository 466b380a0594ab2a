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
 * <pre>
 *   begin --> address --> name --onFound--> its addresses, one by one --> address --> ... --> none: the round is over
 * </pre>
 *
 * <p>A round tries each address once, in an order that is drawn once for a client, so that many clients with one list
 * spread over it. Addresses of one name are drawn anew at each look-up, within their families: the resolver knows which
 * of these is the better one. What was lost comes last in the next round.
 */
final class Search {
    private final Random random;

    /** In the order in which they are tried; what was lost goes to the end. */
    private final List<HostPort> order;

    private int turn;

    /** What is left of the addresses of the name whose turn it is. */
    private final Deque<Candidate> found = new ArrayDeque<>();

    /** What the last connection was to. */
    private Optional<Candidate> lost = Optional.empty();

    Search(List<HostPort> addresses, boolean shuffle, Random random) {
        this.random = random;
        this.order = new ArrayList<>(addresses);
        if (shuffle) {
            Collections.shuffle(order, random);
        }
    }

    /** Begins a round. */
    void begin() {
        turn = 0;
        found.clear();
    }

    /** Begins a round after a connection was lost. */
    void beginWithout(Candidate lost) {
        this.lost = Optional.of(lost);
        if (order.remove(lost.asked())) {
            order.add(lost.asked());
        }
        begin();
    }

    /** Whether the round goes on. */
    boolean hasNext() {
        return !found.isEmpty() || turn < order.size();
    }

    /** What is tried next; not at the end of a round. */
    Candidate next() {
        if (!found.isEmpty()) {
            return found.remove();
        }
        HostPort asked = order.get(turn++);
        return new Candidate(asked, IpLiteral.parse(asked.host()));
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
