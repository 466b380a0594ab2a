package io.socketz.protocol.request;

import io.socketz.protocol.reply.Reply;

/** What one line of input asks for: a {@link Command}, or something that is not one. */
public sealed interface Request permits Command, Request.BadArgument, Request.Empty, Request.Invalid, Request.TooLong {
    /**
     * Calls the method of {@code handler} for this kind of request.
     *
     * @param requester who asked; passed on unchanged
     */
    <R> void dispatch(Handler<R> handler, R requester);

    /** The number of replies to this request, unless it is refused: a refusal is one reply. */
    int replyCount();

    /**
     * Whether {@code reply} may be the one at {@code place} when the request is not refused.
     *
     * @param place from 0 to {@link #replyCount} - 1
     */
    boolean admits(Reply reply, int place);

    /** Whether this is a command that ends the connection. */
    default boolean endsConnection() {
        return false;
    }

    /** Whether this is the command of {@code row}. */
    default boolean asksFor(CommandRow row) {
        return false;
    }

    /**
     * Answers requests: one method for each kind, so that a new kind does not compile until it is handled.
     *
     * @param <R> who asks
     */
    interface Handler<R> {
        /** A command of the table. */
        void onCommand(Command command, R requester);

        /** A command of the table, with arguments that it does not take. */
        void onBadArgument(BadArgument request, R requester);

        /** An empty line, or one of blanks only. */
        void onEmpty(R requester);

        /** A line that is not a command. */
        void onInvalid(R requester);

        /** A line that is longer than the limit. */
        void onTooLong(R requester);
    }

    /**
     * A command of the table, with arguments that it does not take.
     *
     * @param row of the command
     * @param refusal says what was expected
     */
    record BadArgument(CommandRow row, Reply.Failure refusal) implements Request {
        @Override
        public <R> void dispatch(Handler<R> handler, R requester) {
            handler.onBadArgument(this, requester);
        }

        @Override
        public int replyCount() {
            return 1;
        }

        /** A server with a newer table may take these arguments. */
        @Override
        public boolean admits(Reply reply, int place) {
            return true;
        }
    }

    /** An empty line, or one of blanks only: it is not answered. */
    record Empty() implements Request {
        static final Empty INSTANCE = new Empty();

        @Override
        public <R> void dispatch(Handler<R> handler, R requester) {
            handler.onEmpty(requester);
        }

        @Override
        public int replyCount() {
            return 0;
        }

        @Override
        public boolean admits(Reply reply, int place) {
            return false;
        }
    }

    /** A line that is not a command: its verb is unknown, or it is one of the frozen commands with other words behind it. */
    record Invalid() implements Request {
        static final Invalid INSTANCE = new Invalid();

        @Override
        public <R> void dispatch(Handler<R> handler, R requester) {
            handler.onInvalid(requester);
        }

        @Override
        public int replyCount() {
            return 1;
        }

        /** A server with a newer table may know the command. */
        @Override
        public boolean admits(Reply reply, int place) {
            return true;
        }
    }

    /** A line that is longer than the server's limit. */
    record TooLong() implements Request {
        static final TooLong INSTANCE = new TooLong();

        @Override
        public <R> void dispatch(Handler<R> handler, R requester) {
            handler.onTooLong(requester);
        }

        @Override
        public int replyCount() {
            return 1;
        }

        @Override
        public boolean admits(Reply reply, int place) {
            return true;
        }
    }
}
