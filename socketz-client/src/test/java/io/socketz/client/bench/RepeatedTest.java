package io.socketz.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RepeatedTest {
    /** Accepts a limited number of bytes a call, and none at every other call. */
    private static final class Narrow implements WritableByteChannel {
        private final int width;
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private boolean full;

        Narrow(int width) {
            this.width = width;
        }

        @Override
        public int write(ByteBuffer source) {
            full = !full;
            byte[] bytes = new byte[full ? 0 : Math.min(width, source.remaining())];
            source.get(bytes);
            taken.writeBytes(bytes);
            return bytes.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void resumesAtAnyByteWhenTheChannelIsFull() throws Exception {
        byte[] unit = "WHY\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int times = 1; times <= 4; times++) {
            for (int width = 1; width <= 30; width++) {
                Repeated requests = new Repeated(unit, times);
                Narrow channel = new Narrow(width);
                long left = 7L * unit.length;
                for (int call = 0; left > 0 && call < 1_000; call++) {
                    left = requests.write(channel, left);
                }
                assertThat(left).isZero();
                assertThat(channel.taken.toString(StandardCharsets.US_ASCII)).isEqualTo("WHY\r\n".repeat(7));
            }
        }
    }
}
