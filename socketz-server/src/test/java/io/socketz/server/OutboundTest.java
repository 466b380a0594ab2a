package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutboundTest {
    /** A channel that takes as much as it likes. */
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

    @Test
    void sendsEveryByteInOrderHoweverLittleTheKernelTakes() throws Exception {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        Moody channel = new Moody(random);
        ByteArrayOutputStream wanted = new ByteArrayOutputStream();
        HeldMemory memory = new HeldMemory(Long.MAX_VALUE);
        Outbound outbound = new Outbound(memory);
        ByteBuffer scratch = ByteBuffer.allocateDirect(64);
        long sent = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] reply = new byte[1 + random.nextInt(300)];
            random.nextBytes(reply);
            wanted.write(reply);
            outbound.add(reply);
            sent += outbound.drainTo(channel, scratch, 1 + random.nextInt(500));
        }
        while (!outbound.isEmpty()) {
            sent += outbound.drainTo(channel, scratch, 1 + random.nextInt(500));
        }
        assertThat(channel.taken.toByteArray()).as("seed %d", seed).isEqualTo(wanted.toByteArray());
        assertThat(sent).isEqualTo(wanted.size());
        assertThat(memory.bytes()).isZero();
    }
}
