package io.socketz.server.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    @Test
    void aLoopThatFailsReportsTheFailure() throws Exception {
        CompletableFuture<String> failure = new CompletableFuture<>();
        EventLoop loop = new EventLoop("socketz-test", new ServerListener() {
            @Override
            public void onFailure(String message) {
                failure.complete(message);
            }
        });
        loop.start();
        loop.execute(() -> {
            throw new NoClassDefFoundError("as planned");
        });
        assertThat(failure.get(10, TimeUnit.SECONDS))
                .startsWith("socketz-test has ended: internal error: java.lang.NoClassDefFoundError: as planned at io");
        loop.join(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        assertThat(loop.hasEnded()).isTrue();
    }

    @Test
    void aLoopThatFailsAbortsItsAttachments() throws Exception {
        CompletableFuture<CloseReason> ended = new CompletableFuture<>();
        EventLoop loop = new EventLoop("socketz-test", ServerListener.NONE);
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            loop.register(source, SelectionKey.OP_READ, new IdleAttachment() {
                @Override
                public void abort(CloseReason reason, String detail) {
                    ended.complete(reason);
                }
            });
            loop.start();
            loop.execute(() -> {
                throw new NoClassDefFoundError("as planned");
            });
            assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(CloseReason.INTERNAL_ERROR);
            loop.join(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
            assertThat(sink.isOpen()).isTrue();
        }
    }

    @Test
    void aChannelHasItsTurnWhileATaskAddsItselfAgainAndAgain() throws Exception {
        CompletableFuture<Boolean> served = new CompletableFuture<>();
        EventLoop loop = new EventLoop("socketz-test", ServerListener.NONE);
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            loop.register(source, SelectionKey.OP_READ, new IdleAttachment() {
                @Override
                protected void onReady() {
                    served.complete(true);
                }
            });
            loop.start();
            loop.execute(new Runnable() {
                @Override
                public void run() {
                    if (!served.isDone()) {
                        loop.execute(this);
                    }
                }
            });
            sink.write(ByteBuffer.wrap(new byte[1]));
            assertThat(served.get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            served.complete(false); // otherwise the task would never end
        }
    }

    @Test
    void everyTaskOfAnotherThreadWakesTheLoop() throws Exception {
        EventLoop loop = new EventLoop("socketz-test", ServerListener.NONE);
        loop.start();
        for (int i = 0; i < 10_000; i++) {
            CompletableFuture<Integer> done = new CompletableFuture<>();
            int number = i;
            loop.execute(() -> done.complete(number));
            assertThat(done.get(10, TimeUnit.SECONDS)).isEqualTo(i);
        }
        loop.stop(System.nanoTime());
        loop.join(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
    }
}
