package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.haproxy.Rebalancing.End;
import io.socketz.server.haproxy.Rebalancing.Phase;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one server decides, look by look. It is the first of the servers whose clients a test names. */
class RebalancingTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Near where {@link System#nanoTime} overflows. */
    private long now = Long.MAX_VALUE - 20 * SECOND;

    private final Rebalancing rebalancing = new Rebalancing(id(0), 5 * SECOND, 3 * SECOND);

    private static UUID id(int server) {
        return new UUID(0, server);
    }

    private static Spread spread(int... clients) {
        Map<UUID, Integer> byId = new HashMap<>();
        for (int i = 0; i < clients.length; i++) {
            byId.put(id(i), clients[i]);
        }
        return new Spread(byId);
    }

    private Phase look(int told, int... clients) {
        now += SECOND;
        rebalancing.onLook(now, spread(clients), told);
        return rebalancing.phase();
    }

    private void give(int... clients) {
        for (int i = 0; look(0, clients) != Phase.GIVING; i++) {
            assertThat(i).isLessThan(20);
        }
    }

    @Test
    void itBeginsWhenNothingHasChangedForAWhileAndHaproxyHasHeardTheWeights() {
        for (int i = 0; i <= 4; i++) {
            assertThat(look(0, 900, 600, 0)).isEqualTo(Phase.WATCHING);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(look(0, 900, 600, 0)).isEqualTo(Phase.NOTICE);
        }
        assertThat(look(0, 900, 600, 0)).isEqualTo(Phase.GIVING);
        assertThat(rebalancing.planned()).isEqualTo(400);
    }

    @Test
    void aDrainElsewhereMakesItWait() {
        for (int i = 0; i < 20; i++) {
            assertThat(look(0, 900, 600 - 30 * i, 0)).isEqualTo(Phase.WATCHING);
        }
    }

    @Test
    void aServerThatHasLessThanItsShareLetsNobodyGo() {
        for (int i = 0; i < 20; i++) {
            assertThat(look(0, 490, 1_000, 10)).isEqualTo(Phase.WATCHING);
        }
        assertThat(rebalancing.weight()).isEqualTo(2);
    }

    @Test
    void atFirstAFewGoAndMoreWhenTheyHaveArrived() {
        give(1_500, 1_500, 0);
        assertThat(rebalancing.allowed()).isEqualTo(20);
        look(20, 1_480, 1_500, 0);
        assertThat(rebalancing.allowed()).as("nobody has arrived").isEqualTo(20);
        look(20, 1_480, 1_500, 20);
        assertThat(rebalancing.allowed()).isEqualTo(60);
        look(60, 1_440, 1_500, 60);
        assertThat(rebalancing.allowed()).as("5 % of the mean a second").isEqualTo(110);
    }

    @Test
    void itEndsWhenTheExcessHasGone() {
        give(110, 100, 0);
        int told = 0;
        while (look(told, 110 - told, 100, told) == Phase.GIVING) {
            told = rebalancing.allowed();
        }
        assertThat(told).isEqualTo(40);
        assertThat(rebalancing.end()).isEqualTo(End.DONE);
        assertThat(rebalancing.weight()).as("another server still has too many").isEqualTo(1);
        look(0, 70, 70, 70);
        assertThat(rebalancing.weight()).isEqualTo(100);
    }

    @Test
    void itEndsWhenTheExcessHasGoneByItself() {
        give(1_500, 1_500, 0);
        assertThat(look(20, 990, 1_500, 500)).isEqualTo(Phase.WATCHING);
        assertThat(rebalancing.end()).isEqualTo(End.DONE);
    }

    @Test
    void itEndsWhenAServerComesOrGoes() {
        give(1_500, 1_500, 0);
        assertThat(look(20, 1_480, 1_500, 20, 0)).isEqualTo(Phase.WATCHING);
        assertThat(rebalancing.end()).isEqualTo(End.SERVERS_CHANGED);
        give(1_480, 1_500, 20, 0);
        assertThat(look(20, 1_480, 1_500, 20)).isEqualTo(Phase.WATCHING);
    }

    @Test
    void itEndsWhenTheRosterIsNotUpToDateAndThenWaitsAgain() {
        give(1_500, 1_500, 0);
        now += SECOND;
        rebalancing.onLook(now, null, 20);
        assertThat(rebalancing.phase()).isEqualTo(Phase.WATCHING);
        assertThat(rebalancing.end()).isEqualTo(End.NOT_NOW);
        assertThat(rebalancing.weight()).isEqualTo(100);
        for (int i = 0; i <= 4; i++) {
            assertThat(look(0, 1_500, 1_500, 0)).isEqualTo(Phase.WATCHING);
        }
        assertThat(look(0, 1_500, 1_500, 0)).isEqualTo(Phase.NOTICE);
    }

    @Test
    void itEndsWhenNobodyArrivesAndTriesAgainLaterOrWhenAServerComes() {
        give(1_500, 1_500, 0);
        int looks = 0;
        while (look(20, 1_480, 1_500, 0) == Phase.GIVING) {
            looks++;
        }
        assertThat(looks).isBetween(9, 11);
        assertThat(rebalancing.end()).isEqualTo(End.NOT_ARRIVED);
        for (int i = 0; i < 590; i++) {
            assertThat(look(0, 1_480, 1_500, 0)).isEqualTo(Phase.WATCHING);
        }
        give(1_480, 1_500, 0);
        while (look(20, 1_460, 1_500, 0) == Phase.GIVING) {
            assertThat(rebalancing.allowed()).isEqualTo(20);
        }
        assertThat(look(0, 1_460, 1_500, 0, 0)).isEqualTo(Phase.WATCHING);
        give(1_460, 1_500, 0, 0);
    }

    @Test
    void aFewClientsAreNotWorthWhile() {
        for (int i = 0; i < 20; i++) {
            assertThat(look(0, 15, 0, 0)).isEqualTo(Phase.WATCHING);
        }
        assertThat(rebalancing.weight()).isEqualTo(100);
    }

    @Test
    void weightsAreInProportionToWhatServersLackUntilTheSpreadIsEven() {
        Spread uneven = spread(1_000, 200, 600, 0);
        assertThat(uneven.weight(id(0))).isEqualTo(1);
        assertThat(uneven.weight(id(1))).isEqualTo(56);
        assertThat(uneven.weight(id(2))).isEqualTo(1);
        assertThat(uneven.weight(id(3))).isEqualTo(100);
        look(0, 1_000, 800, 900);
        assertThat(rebalancing.weight()).isEqualTo(1);
        look(0, 950, 900, 900);
        assertThat(rebalancing.weight()).as("not uneven, but not even yet").isEqualTo(1);
        look(0, 920, 915, 915);
        assertThat(rebalancing.weight()).isEqualTo(100);
        look(0, 950, 900, 900);
        assertThat(rebalancing.weight()).isEqualTo(100);
    }
}
