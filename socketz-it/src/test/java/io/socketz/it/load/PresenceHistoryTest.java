package io.socketz.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.load.PresenceHistory.Answer;
import io.socketz.it.load.PresenceHistory.Lapse;
import io.socketz.it.load.PresenceHistory.Verdict;
import io.socketz.it.load.PresenceHistory.Visit;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Histories by hand, in milliseconds. */
class PresenceHistoryTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long NEVER = PresenceHistory.NEVER_NANOS / MILLISECOND;
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);
    private static final String ANN = "192.0.2.1:1";
    private static final String BOB = "192.0.2.2:2";

    private final PresenceHistory history = new PresenceHistory();

    private void visit(String client, UUID server, long connect, long greeted, long leaving, long gone) {
        history.add(new Visit(
                client,
                server,
                connect * MILLISECOND,
                greeted == NEVER ? PresenceHistory.NEVER_NANOS : greeted * MILLISECOND,
                leaving * MILLISECOND,
                gone == NEVER ? PresenceHistory.NEVER_NANOS : gone * MILLISECOND));
    }

    private void fresh(UUID server, long asked, long answered, String... clients) {
        history.add(new Answer(server, asked * MILLISECOND, answered * MILLISECOND, true, Set.of(clients)));
    }

    private void stale(UUID server, long asked, long answered) {
        history.add(new Answer(server, asked * MILLISECOND, answered * MILLISECOND, false, Set.of()));
    }

    private void lapse(UUID server, long at) {
        history.add(new Lapse(server, at * MILLISECOND));
    }

    /** The server answers fresh, promptly and without a pause, from {@code from} to {@code to}, and shows these clients. */
    private void well(UUID server, long from, long to, String... clients) {
        for (long at = from; at < to; at += 100) {
            fresh(server, at, at + 1, clients);
        }
        fresh(server, to - 1, to, clients);
    }

    private void expect(String... violations) {
        Verdict verdict = history.judge();
        assertThat(verdict.violations()).hasSize(violations.length);
        for (int i = 0; i < violations.length; i++) {
            assertThat(verdict.violations().get(i)).startsWith(violations[i]);
        }
    }

    @Test
    void acceptsAClientThatIsThereFromItsGreetingToItsLeave() {
        visit(ANN, ONE, 10, 20, 500, 510);
        well(ONE, 0, 9);
        well(ONE, 21, 499, ANN);
        well(ONE, 511, 1_000);
        fresh(TWO, 21, 23, ANN);
        fresh(TWO, 400, 402, ANN);
        expect();
        assertThat(history.judge().judged()).isPositive();
    }

    @Test
    void findsAClientThatWasGreetedAndIsNotKnownElsewhere() {
        visit(ANN, ONE, 10, 20, 500, 510);
        well(ONE, 0, 9);
        well(ONE, 21, 499, ANN);
        fresh(TWO, 21, 23);
        fresh(TWO, 40, 41, ANN);
        expect("greeted, and not known: " + ANN);
    }

    @Test
    void aClientMayBeMissingFromAnAnswerThatWasAskedForBeforeItsGreeting() {
        visit(ANN, ONE, 10, 20, 500, 510);
        well(ONE, 0, 9);
        well(ONE, 21, 499, ANN);
        fresh(TWO, 19, 30);
        expect();
    }

    @Test
    void aClientMayBeMissingFromAnAnswerThatCameAfterItBeganToLeave() {
        visit(ANN, ONE, 10, 20, 500, 510);
        well(ONE, 0, 9);
        well(ONE, 21, 499, ANN);
        fresh(TWO, 490, 501);
        expect();
    }

    @Test
    void aClientThatWasGreetedAfterHalfASecondNeedNotBeKnown() {
        visit(ANN, ONE, 10, 511, 900, 910);
        well(ONE, 0, 1_000);
        fresh(TWO, 600, 601);
        expect();
    }

    @Test
    void findsAClientThatWasKnownAndThenIsNotAnyMore() {
        visit(ANN, ONE, 10, 511, 900, 910);
        well(ONE, 0, 500);
        well(ONE, 512, 899, ANN);
        well(ONE, 900, 1_000);
        fresh(TWO, 700, 701);
        expect("known, and then not any more: " + ANN);
    }

    @Test
    void findsAClientOfAnotherServerThatOneFreshAnswerShowsAndTheNextDoesNot() {
        visit(ANN, ONE, 10, NEVER, 400, 410);
        well(ONE, 0, 1_000);
        fresh(TWO, 20, 21, ANN);
        expect(
                "known, and then not any more: " + ANN,
                "known, and then not any more: " + ANN,
                "known, and then not any more: " + ANN);
    }

    @Test
    void nothingIsSaidOfTheClientsOfAServerThatIsNotWell() {
        visit(ANN, ONE, 10, 20, 5_000, 5_010);
        well(ONE, 0, 9);
        well(ONE, 21, 100, ANN);
        stale(ONE, 150, 650);
        fresh(TWO, 200, 201);
        well(ONE, 4_000, 4_500, ANN); // a pause
        fresh(TWO, 3_000, 3_001);
        expect();
        fresh(TWO, 4_300, 4_301);
        expect("known, and then not any more: " + ANN);
    }

    @Test
    void aServerIsWellFromItsFirstPromptAnswerOnAndNotFromTheQuestion() {
        visit(ANN, ONE, 10, 20, 900, 910);
        stale(ONE, 0, 5);
        fresh(ONE, 6, 60); // until shortly before it came, no commit succeeded
        fresh(TWO, 30, 31);
        well(ONE, 65, 800, ANN);
        expect();
        fresh(TWO, 300, 301);
        expect("known, and then not any more: " + ANN);
    }

    @Test
    void nothingIsSaidOfTheClientsOfAServerWhoseMemberKeyEtcdDeletes() {
        visit(ANN, ONE, 10, 20, 5_000, 5_010);
        well(ONE, 0, 9);
        well(ONE, 21, 4_900, ANN);
        lapse(ONE, 3_000);
        lapse(ONE, 3_100); // seen again
        lapse(TWO, 1_000);
        fresh(TWO, 2_990, 2_991);
        expect();
        fresh(TWO, 1_500, 1_501);
        fresh(TWO, 3_300, 3_301);
        expect("greeted, and not known: " + ANN, "known, and then not any more: " + ANN);
    }

    @Test
    void findsAClientThatIsGoneForItsServerAndStillThereElsewhere() {
        visit(ANN, ONE, 10, 20, 100, 110);
        well(ONE, 21, 99, ANN);
        fresh(TWO, 112, 113, ANN); // its server may not have written that yet
        expect();
        fresh(ONE, 114, 115);
        fresh(TWO, 116, 117, ANN);
        expect("gone, and still there: " + ANN);
    }

    @Test
    void aClientThatOnlyClosedItsConnectionMayStayBehindAProxy() {
        visit(ANN, ONE, 10, 20, 100, NEVER);
        well(ONE, 21, 99, ANN);
        fresh(ONE, 5_000, 5_001, ANN);
        fresh(TWO, 5_002, 5_003, ANN);
        expect();
    }

    @Test
    void findsAClientThatIsGoneAndThatItsOwnServerStillShows() {
        visit(ANN, ONE, 10, 20, 100, 110);
        fresh(ONE, 111, 112, ANN);
        expect("gone, and still there: " + ANN);
    }

    @Test
    void findsSomebodyWhoHasNeverConnected() {
        visit(ANN, ONE, 10, 20, 500, 510);
        fresh(TWO, 5, 9, ANN);
        fresh(TWO, 30, 31, ANN, BOB);
        expect("nobody knows it: " + ANN, "nobody knows it: " + BOB);
    }

    @Test
    void anAddressThatIsUsedAgainIsNotTakenForTheOldClient() {
        visit(ANN, ONE, 10, 20, 100, 135);
        visit(ANN, TWO, 130, 140, 400, 410);
        well(ONE, 0, 1_000);
        fresh(TWO, 135, 136, ANN); // the old one
        fresh(TWO, 141, 142, ANN);
        expect();
    }
}
