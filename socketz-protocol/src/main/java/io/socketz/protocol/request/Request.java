package io.socketz.protocol.request;

import io.socketz.protocol.reply.Reply;

/** What one line of input asks for: a {@link Command}, or one of the things that are none. */
public sealed interface Request permits Command, Request.Empty, Request.Invalid, Request.TooLong {
    /**
     * Calls the method of {@code handler} that stands for this kind of request.
     *
     * @param client passed on as it is: whoever asked
     */
    <C> void dispatch(Handler<C> handler, C client);

    /** The number of replies to this request, unless it is refused: a refusal is one reply. */
    int replyCount();

    /**
     * Whether {@code reply} may be the one at {@code place}, unless the request is refused.
     *
     * @param place 0 or more, and below {@link #replyCount}
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
     * Answers requests: one method for each kind, so that the compiler shows what a new kind still misses.
     *
     * @param <C> who asks
     */
    interface Handler<C> {
        /** A command of the table. */
        void onCommand(Command command, C client);

        /** A line of blanks or of nothing. */
        void onEmpty(C client);

        /** A line that is no command. */
        void onInvalid(C client);

        /** A line that is longer than the framer allows. */
        void onTooLong(C client);
    }

    /** A line of blanks or of nothing: it is not answered. */
    record Empty() implements Request {
        static final Empty INSTANCE = new Empty();

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onEmpty(client);
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

    /** A line that is no command: an unknown verb, words behind a verb that it does not take, control characters, not UTF-8. */
    record Invalid() implements Request {
        static final Invalid INSTANCE = new Invalid();

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onInvalid(client);
        }

        @Override
        public int replyCount() {
            return 1;
        }

        /** A server that is newer than this table may know the command. */
        @Override
        public boolean admits(Reply reply, int place) {
            return true;
        }
    }

    /** A line that is longer than allowed. */
    record TooLong() implements Request {
        static final TooLong INSTANCE = new TooLong();

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onTooLong(client);
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
