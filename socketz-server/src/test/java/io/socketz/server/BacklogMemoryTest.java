package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BacklogMemoryTest {
    private final BacklogMemory memory = new BacklogMemory(100);

    @Test
    void aReplyThatManyShareCountsOnce() {
        byte[] shared = new byte[60];
        for (int i = 0; i < 1_000; i++) {
            assertThat(memory.add(shared)).isTrue();
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
    void aReplyThatWaitsAlreadyCostsNothingEvenAtTheLimit() {
        byte[] shared = new byte[100];
        assertThat(memory.add(shared)).isTrue();
        assertThat(memory.add(new byte[1])).isFalse();
        assertThat(memory.add(shared)).isTrue();
        assertThat(memory.bytes()).isEqualTo(100);
    }

    @Test
    void differentRepliesAddUpToTheLimit() {
        assertThat(memory.add(new byte[60])).isTrue();
        assertThat(memory.add(new byte[40])).isTrue();
        byte[] surplus = new byte[1];
        assertThat(memory.add(surplus)).isFalse();
        assertThat(memory.bytes()).isEqualTo(100);
    }
}
