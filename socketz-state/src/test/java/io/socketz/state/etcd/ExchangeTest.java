package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static final long SENT_AT = -5;
    private static final long DUE = SENT_AT + Patience.USUAL_NANOS;

    private final ScriptedEtcd etcd = new ScriptedEtcd();
    private final Exchange exchange = new Exchange();
    private final List<String> told = new ArrayList<>();

    @Test
    void anAnswerIsPassedOnAndEndsTheExchange() {
        assertThat(exchange.isBusy()).isFalse();
        assertThat(exchange.deadline()).isEqualTo(Long.MAX_VALUE);
        ScriptedEtcd.Asked<Long> asked = ask(1);
        assertThat(exchange.isBusy()).isTrue();
        assertThat(exchange.deadline()).isEqualTo(DUE);
        asked.answer(3, 77L);
        assertThat(told).containsExactly("1 answered with 77 at 3");
        assertThat(exchange.isBusy()).isFalse();
        assertThat(exchange.deadline()).isEqualTo(Long.MAX_VALUE);
        exchange.onTime(DUE);
        assertThat(told).hasSize(1);
        assertThat(asked.isCancelled()).isFalse();
    }

    @Test
    void aFailureIsPassedOnAndEndsTheExchange() {
        ScriptedEtcd.Asked<Long> asked = ask(1);
        asked.fail(3, Kind.UNAVAILABLE);
        assertThat(told).containsExactly("1 failed with UNAVAILABLE at 3");
        assertThat(exchange.isBusy()).isFalse();
        exchange.onTime(DUE);
        assertThat(told).hasSize(1);
        assertThat(asked.isCancelled()).isFalse();
    }

    @Test
    void withoutAnAnswerInTimeTheRequestIsCancelledAndFailsOnce() {
        ScriptedEtcd.Asked<Long> asked = ask(1);
        exchange.onTime(DUE - 1);
        assertThat(asked.isCancelled()).isFalse();
        assertThat(told).isEmpty();
        exchange.onTime(DUE);
        assertThat(asked.isCancelled()).isTrue();
        assertThat(told).containsExactly("1 failed with TIMEOUT at " + DUE);
        assertThat(exchange.isBusy()).isFalse();
        exchange.onTime(DUE + 1);
        assertThat(told).hasSize(1);
    }

    @Test
    void aLateAnswerIsIgnored() {
        ScriptedEtcd.Asked<Long> first = ask(1);
        exchange.onTime(DUE);
        told.clear();
        first.answer(DUE, 77L);
        ScriptedEtcd.Asked<Long> second = ask(2);
        first.answer(DUE, 77L);
        first.fail(DUE, Kind.REFUSED);
        assertThat(told).isEmpty();
        second.answer(DUE, 78L);
        assertThat(told).containsExactly("2 answered with 78 at " + DUE);
    }

    @Test
    void aSecondAnswerIsIgnored() {
        ScriptedEtcd.Asked<Long> asked = ask(1);
        asked.answer(3, 77L);
        asked.answer(4, 78L);
        asked.fail(5, Kind.REFUSED);
        assertThat(told).hasSize(1);
    }

    @Test
    void onlyOneRequestAtATimeIsAllowed() {
        ScriptedEtcd.Asked<Long> first = ask(1);
        assertThatThrownBy(() -> ask(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("one at a time");
        assertThat(etcd.open()).as("it was never sent").isEmpty();
        first.answer(3, 77L);
        assertThat(told).containsExactly("1 answered with 77 at 3");
    }

    @Test
    void aRequestThatThrowsFailsLikeOneWithoutAnAnswer() {
        assertThatThrownBy(() -> exchange.<Long>start(
                        SENT_AT,
                        answer -> {
                            throw new IllegalStateException("no thread is left");
                        },
                        recorder(1)))
                .hasMessage("no thread is left");
        assertThat(exchange.deadline()).isEqualTo(DUE);
        exchange.onTime(DUE);
        assertThat(told).containsExactly("1 failed with TIMEOUT at " + DUE);
        assertThat(exchange.deadline())
                .as("otherwise its owner would be called in a tight loop")
                .isEqualTo(Long.MAX_VALUE);
        ask(2).answer(DUE, 78L);
        assertThat(told).hasSize(2);
    }

    @Test
    void aCallbackMayStartTheNextRequest() {
        exchange.<Long>start(SENT_AT, answer -> etcd.keepAlive(1, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long value) {
                throw new AssertionError();
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                var unused = ask(2);
            }
        });
        exchange.onTime(DUE);
        assertThat(exchange.isBusy()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void aForgottenRequestMakesNoCallback() {
        ScriptedEtcd.Asked<Long> asked = ask(1);
        exchange.forget();
        assertThat(exchange.isBusy()).isFalse();
        asked.answer(3, 77L);
        exchange.onTime(DUE);
        assertThat(told).isEmpty();
    }

    /** Nothing else would: a transport keeps a request, and perhaps a connection for it, until it is answered or cancelled. */
    @Test
    void aForgottenRequestWithoutAnAnswerInTimeIsCancelled() {
        ScriptedEtcd.Asked<Long> answered = ask(1);
        exchange.forget();
        ScriptedEtcd.Asked<Long> hangs = ask(2);
        exchange.forget();
        ScriptedEtcd.Asked<Long> next = ask(3);
        answered.answer(3, 77L);
        exchange.onTime(DUE - 1);
        assertThat(hangs.isCancelled()).isFalse();
        next.answer(DUE - 1, 79L);
        exchange.onTime(DUE);
        assertThat(hangs.isCancelled()).isTrue();
        assertThat(answered.isCancelled()).isFalse();
        assertThat(next.isCancelled()).isFalse();
        assertThat(told).as("only of the last one").containsExactly("3 answered with 79 at " + (DUE - 1));
    }

    /** A keep-alive of lease {@code number}. */
    private ScriptedEtcd.Asked<Long> ask(long number) {
        exchange.start(SENT_AT, answer -> etcd.keepAlive(number, answer), recorder(number));
        return etcd.take("renew " + number);
    }

    private Answer<Long> recorder(long number) {
        return new Answer<>() {
            @Override
            public void onAnswer(long now, Long value) {
                told.add(number + " answered with " + value + " at " + now);
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                told.add(number + " failed with " + failure.kind() + " at " + now);
            }
        };
    }
}
