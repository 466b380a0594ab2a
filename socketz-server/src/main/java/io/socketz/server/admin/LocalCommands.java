package io.socketz.server.admin;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDecoder;
import io.socketz.protocol.request.CommandTable;
import io.socketz.server.command.CommandService;
import io.socketz.server.command.RequestCounter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the server's own commands, as a client does that only reads. So the API takes the same filters as the protocol, and
 * says the same errors.
 */
final class LocalCommands {
    private static final long TIMEOUT_SECONDS = 5;

    private final CommandTable table;

    /** Apart from those of the event loops, so that the metrics show requests of clients alone. */
    private final RequestCounter requests;

    private final ScheduledExecutorService thread;

    /** @param thread takes the place of the event loop */
    LocalCommands(CommandService commands, ScheduledExecutorService thread) {
        this.table = commands.commands();
        this.requests = new RequestCounter(commands);
        this.thread = thread;
    }

    /**
     * The reply to a command that has one.
     *
     * @throws TimeoutException if there is none within 5 s, or the server is about to end
     */
    Reply ask(String line) throws TimeoutException {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        try {
            begin(line, new FirstReply(answer));
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | RejectedExecutionException e) {
            throw new TimeoutException(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        }
    }

    /**
     * Asks a command whose answer goes on.
     *
     * @return whoever asked, for {@link CommandService}
     * @throws RejectedExecutionException if the thread has ended
     */
    LocalRequester begin(String line, LocalRequester.Receiver receiver) {
        LocalRequester requester = new LocalRequester(thread, receiver);
        thread.execute(() -> table.parse(line).dispatch(requests, requester));
        return requester;
    }

    /** Waits for the first reply, and skips what follows. */
    private static final class FirstReply implements LocalRequester.Receiver {
        private final CompletableFuture<Reply> answer;
        private final ReplyDecoder decoder;

        FirstReply(CompletableFuture<Reply> answer) {
            this.answer = answer;
            this.decoder = new ReplyDecoder(ReplyDecoder.DEFAULT_MAX_LINE_LENGTH, answer::complete);
        }

        @Override
        public void onBytes(byte[] bytes) {
            decoder.decode(bytes, 0, bytes.length);
        }

        @Override
        public void onEnd(String why) {
            answer.completeExceptionally(new IllegalStateException(why));
        }
    }
}
