package io.socketz.protocol.request;

import java.nio.charset.StandardCharsets;

/** A request that the command table knows. */
public sealed interface Command extends Request {
    /** The command's row in the command table. */
    Verb verb();

    /** The line that asks for this command, in US-ASCII, with its LF: what a client sends. */
    default byte[] toBytes() {
        return (verb() + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Asks why. */
    record Why() implements Command {
        @Override
        public Verb verb() {
            return Verb.WHY;
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
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onWho(client);
        }
    }

    /** Asks which server this is. */
    record Where() implements Command {
        @Override
        public Verb verb() {
            return Verb.WHERE;
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
        public <C> void dispatch(Handler<C> handler, C client) {
            handler.onQuit(client);
        }
    }
}
