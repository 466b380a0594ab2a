package io.socketz.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventRateTest {
    private final EventRate rate = new EventRate(2, 100);

    @Test
    void aPeriodAdmitsSoManyAndNoMore() {
        assertThat(rate.admit(1000)).isTrue();
        assertThat(rate.admit(1099)).isTrue();
        assertThat(rate.admit(1099)).isFalse();
    }

    @Test
    void theNextPeriodBeginsWithTheFirstEventAfterTheLastOne() {
        assertThat(rate.admit(1000)).isTrue();
        assertThat(rate.admit(1000)).isTrue();
        assertThat(rate.admit(1100)).isTrue();
        assertThat(rate.admit(1199)).isTrue();
        assertThat(rate.admit(1199)).isFalse();
    }

    @Test
    void theClockMayHaveAnyOrigin() {
        assertThat(rate.admit(Long.MAX_VALUE - 10)).isTrue();
        assertThat(rate.admit(Long.MIN_VALUE + 10)).isTrue();
        assertThat(rate.admit(Long.MIN_VALUE + 20)).isFalse();
        assertThat(rate.admit(Long.MIN_VALUE + 100)).isTrue();
    }
}
