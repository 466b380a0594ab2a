package io.socketz.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldMemoryTest {
    private final HeldMemory memory = new HeldMemory(100);

    @Test
    void aReplyThatManyClientsShareCountsOnce() {
        byte[] shared = new byte[60];
        for (int i = 0; i < 1_000; i++) {
            memory.onQueued(shared);
        }
        assertThat(memory.bytes()).isEqualTo(60);
        for (int i = 0; i < 999; i++) {
            memory.onRemoved(shared);
        }
        assertThat(memory.bytes()).isEqualTo(60);
        memory.onRemoved(shared);
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void requestsAndDifferentRepliesAddUp() {
        memory.onQueued(new byte[60]);
        memory.onQueued(new byte[20]);
        memory.addUnshared(20);
        assertThat(memory.bytes()).isEqualTo(100);
        assertThat(memory.isOver()).isFalse();
        memory.addUnshared(1);
        assertThat(memory.isOver()).isTrue();
        memory.addUnshared(-1);
        assertThat(memory.isOver()).isFalse();
    }

    @Test
    void aLoopWaitsForAnotherUpToAQuarterOverTheLimit() {
        memory.addUnshared(125);
        assertThat(memory.isFarOver()).isFalse();
        memory.addUnshared(1);
        assertThat(memory.isFarOver()).isTrue();
    }
}
