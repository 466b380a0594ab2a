package io.socketz.server.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BacklogTest {
    /** A channel that takes a random number of bytes at a time. */
    private static final class Moody implements WritableByteChannel {
        private final Random random;
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        Moody(Random random) {
            this.random = random;
        }

        @Override
        public int write(ByteBuffer source) {
            int length = Math.min(source.remaining(), random.nextInt(200));
            for (int i = 0; i < length; i++) {
                taken.write(source.get());
            }
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Records the replies that wait to be sent. */
    private static final class Waiting implements BacklogListener {
        private final Set<byte[]> replies = Collections.newSetFromMap(new IdentityHashMap<>());

        @Override
        public void onQueued(byte[] reply) {
            replies.add(reply);
        }

        @Override
        public void onRemoved(byte[] reply) {
            replies.remove(reply);
        }
    }

    @Test
    void everyByteIsSentInOrderHoweverLittleTheKernelTakes() throws Exception {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        Moody channel = new Moody(random);
        ByteArrayOutputStream wanted = new ByteArrayOutputStream();
        Waiting waiting = new Waiting();
        Backlog backlog = new Backlog(waiting);
        ByteBuffer scratch = ByteBuffer.allocateDirect(64);
        long sent = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] reply = new byte[1 + random.nextInt(300)];
            random.nextBytes(reply);
            wanted.write(reply);
            backlog.add(reply);
            sent += backlog.sendTo(channel, scratch, 1 + random.nextInt(500));
        }
        while (!backlog.isEmpty()) {
            sent += backlog.sendTo(channel, scratch, 1 + random.nextInt(500));
        }
        assertThat(channel.taken.toByteArray()).as("seed %d", seed).isEqualTo(wanted.toByteArray());
        assertThat(sent).isEqualTo(wanted.size());
        assertThat(waiting.replies).isEmpty();
    }
}
