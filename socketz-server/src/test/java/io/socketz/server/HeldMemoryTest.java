package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldMemoryTest {
    private final HeldMemory memory = new HeldMemory(100);

    @Test
    void aReplyThatManyShareCountsOnce() {
        byte[] shared = new byte[60];
        for (int i = 0; i < 1_000; i++) {
            memory.add(shared);
        }
        assertThat(memory.bytes()).isEqualTo(60);
        for (int i = 0; i < 999; i++) {
            memory.remove(shared);
        }
        assertThat(memory.bytes()).isEqualTo(60);
        memory.remove(shared);
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void requestsAndDifferentRepliesAddUp() {
        memory.add(new byte[60]);
        memory.add(new byte[20]);
        memory.add(20);
        assertThat(memory.bytes()).isEqualTo(100);
        assertThat(memory.isOver()).isFalse();
        memory.add(1);
        assertThat(memory.isOver()).isTrue();
        memory.add(-1);
        assertThat(memory.isOver()).isFalse();
    }

    @Test
    void aQuarterMoreIsMoreThanALoopWaitsWith() {
        memory.add(125);
        assertThat(memory.isFarOver()).isFalse();
        memory.add(1);
        assertThat(memory.isFarOver()).isTrue();
    }
}
