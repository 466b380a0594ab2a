package io.socketz.protocol.request;

import java.nio.charset.StandardCharsets;

/** A request that the command table knows. */
public sealed interface Command extends Request {
    /** The command's row in the command table. */
    Verb verb();

    /** The words behind the verb, in capitals; empty where there are none. */
    default String arguments() {
        return "";
    }

    /** Lines of its reply (docs/protocol.md, Replies), 0 where there is none. */
    int replyLines();

    /** This command as it is shown: {@code WHO FRESH}. */
    default String text() {
        return arguments().isEmpty() ? verb().name() : verb() + " " + arguments();
    }

    /** The line that asks for this command, in US-ASCII, with its LF: what a client sends. */
    default byte[] toBytes() {
        return (text() + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Asks why. */
    record Why() implements Command {
        @Override
        public Verb verb() {
            return Verb.WHY;
        }

        @Override
        public int replyLines() {
            return 1;
        }

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onWhy(client);
        }
    }

    /** Asks who is connected. */
    record Who() implements Command {
        @Override
        public Verb verb() {
            return Verb.WHO;
        }

        @Override
        public int replyLines() {
            return 2;
        }

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onWho(client);
        }
    }

    /** Asks who is connected as of now, not as of what the server happens to know. */
    record WhoFresh() implements Command {
        @Override
        public Verb verb() {
            return Verb.WHO;
        }

        @Override
        public String arguments() {
            return "FRESH";
        }

        @Override
        public int replyLines() {
            return 3;
        }

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onWhoFresh(client);
        }
    }

    /** Asks which server this is. */
    record Where() implements Command {
        @Override
        public Verb verb() {
            return Verb.WHERE;
        }

        @Override
        public int replyLines() {
            return 1;
        }

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onWhere(client);
        }
    }

    /** Ends the session. */
    record Quit() implements Command {
        @Override
        public Verb verb() {
            return Verb.QUIT;
        }

        @Override
        public int replyLines() {
            return 0;
        }

        @Override
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onQuit(client);
        }
    }
}
