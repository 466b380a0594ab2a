package io.socketz.protocol.request;

/** What one line of input asks for: a {@link Command}, or one of the things that are none. */
public sealed interface Request permits Command, Request.Empty, Request.Invalid, Request.TooLong {
    /**
     * Calls the method of {@code handler} that stands for this kind of request.
     *
     * @param client passed on as it is: whoever asked
     */
    <C> void dispatch(Handler<C> handler, C client);

    /**
     * Answers requests: one method for each kind, so that the compiler shows what a new kind still misses.
     *
     * @param <C> who asks
     */
    interface Handler<C> {
        /** {@code WHY}. */
        void onWhy(C client);

        /** {@code WHO}. */
        void onWho(C client);

        /** {@code WHO FRESH}. */
        void onWhoFresh(C client);

        /** {@code WHERE}. */
        void onWhere(C client);

        /** {@code QUIT}. */
        void onQuit(C client);

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
    }

    /** A line that is no command: an unknown verb, words behind a verb that it does not take, control characters, not UTF-8. */
    record Invalid() implements Request {
        static final Invalid INSTANCE = new Invalid();

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onInvalid(client);
        }
    }

    /** A line that is longer than allowed. */
    record TooLong() implements Request {
        static final TooLong INSTANCE = new TooLong();

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onTooLong(client);
        }
    }
}
