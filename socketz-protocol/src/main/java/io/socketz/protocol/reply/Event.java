package io.socketz.protocol.reply;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a server tells a client that watches: {@code event 1843 join id=... addr=...}. Events come between replies, in the
 * order of their revisions, each once; they answer no request. A {@link Message} also comes to a client that does not watch.
 */
public sealed interface Event extends Reply.OneLine {
    /** What every event begins with. */
    String PREFIX = "event ";

    /** The field that says why a client or a server has gone. */
    String REASON = "reason";

    /** The revision of the store at which it happened; 0 or more, and 0 for a {@link Message}. */
    long revision();

    /** What has happened, in a word: {@code join}. */
    String kind();

    /** Adds what follows the kind, without the line's end. */
    void writeContent(RecordBytes bytes);

    /** Writes what follows the kind into {@code fields}. */
    void describeContent(ReplyFields fields);

    /** Calls the one method of {@code handler} that is for this kind. */
    void dispatch(Handler handler);

    /** Whether it comes only to a client that watches. A client that does not watch skips events of unknown kinds. */
    default boolean isOfWatch() {
        return true;
    }

    /** Takes events, each kind by a method of its own. */
    interface Handler {
        /** A client has joined. */
        void onJoin(Join event);

        /** A client has left. */
        void onLeave(Leave event);

        /** A client has another name, or none any more. */
        void onRename(Rename event);

        /** A server has become a member of the cluster. */
        void onServerUp(ServerUp event);

        /** A server is no member any more, and all its clients are gone. */
        void onServerDown(ServerDown event);

        /** Nothing has happened that was not told. */
        default void onNow(Now event) {}

        /** The state follows anew. A {@code WatchListener} of the client library hears it as state instead. */
        default void onResync(Resync event) {}

        /** The program that embeds the server says something. A {@code ClientListener} of the client library hears it instead. */
        default void onMessage(Message event) {}

        /** An event of a newer server. */
        default void onOther(Other event) {}
    }

    @Override
    default ReplyType type() {
        return ReplyType.EVENT;
    }

    @Override
    default String line() {
        byte[] bytes = toBytes();
        return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
    }

    @Override
    default byte[] toBytes() {
        return EventFormat.toBytes(this);
    }

    @Override
    default Tone tone() {
        return Tone.PLAIN;
    }

    @Override
    default void describe(ReplyFields fields) {
        fields.number("revision", revision());
        fields.text("event", kind());
        describeContent(fields);
    }

    /** An event about a client. */
    sealed interface OfClient extends Event {
        /** The client, as it is now, or was when it left. */
        ClientRecord client();

        @Override
        default void writeContent(RecordBytes bytes) {
            client().write(bytes);
        }

        @Override
        default void describeContent(ReplyFields fields) {
            client().describe(fields);
        }
    }

    /** An event about a server. */
    sealed interface OfServer extends Event {
        /** The server. */
        ServerRecord server();

        @Override
        default void writeContent(RecordBytes bytes) {
            server().write(bytes);
        }

        @Override
        default void describeContent(ReplyFields fields) {
            server().describe(fields);
        }
    }

    /** A client has joined. */
    record Join(long revision, ClientRecord client) implements OfClient {
        static final String KIND = "join";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onJoin(this);
        }
    }

    /**
     * A client has left.
     *
     * @param client as it was
     * @param reason why: a word such as {@code CLIENT_QUIT}
     */
    record Leave(long revision, ClientRecord client, String reason) implements OfClient {
        static final String KIND = "leave";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public void writeContent(RecordBytes bytes) {
            OfClient.super.writeContent(bytes);
            bytes.field(REASON, reason);
        }

        @Override
        public void describeContent(ReplyFields fields) {
            OfClient.super.describeContent(fields);
            fields.text(REASON, reason);
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onLeave(this);
        }
    }

    /**
     * A client has another name, or none any more.
     *
     * @param client as it is now
     */
    record Rename(long revision, ClientRecord client) implements OfClient {
        static final String KIND = "rename";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onRename(this);
        }
    }

    /** A server has become a member of the cluster. Its clients follow, each with a {@link Join}. */
    record ServerUp(long revision, ServerRecord server) implements OfServer {
        static final String KIND = "server-up";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onServerUp(this);
        }
    }

    /**
     * A server is no member any more, and all its clients are gone; no {@link Leave} tells of them.
     *
     * @param server with the number of clients that are gone
     * @param reason {@code SERVER_LEFT} if it left, {@code SERVER_LOST} if it was lost
     */
    record ServerDown(long revision, ServerRecord server, String reason) implements OfServer {
        static final String KIND = "server-down";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public void writeContent(RecordBytes bytes) {
            OfServer.super.writeContent(bytes);
            bytes.field(REASON, reason);
        }

        @Override
        public void describeContent(ReplyFields fields) {
            OfServer.super.describeContent(fields);
            fields.text(REASON, reason);
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onServerDown(this);
        }
    }

    /**
     * Nothing has happened up to this revision that was not told: {@code event 1850 now age=0.4}.
     *
     * @param age how long ago the server last knew that it knows everything; rounded up to a tenth of a second
     */
    record Now(long revision, Duration age) implements Event {
        static final String KIND = "now";

        /** Rounds the age. */
        public Now {
            age = FreshnessFormat.round(age);
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public void writeContent(RecordBytes bytes) {
            bytes.field("age", FreshnessFormat.seconds(age));
        }

        @Override
        public Tone tone() {
            return Tone.REMARK;
        }

        @Override
        public void describeContent(ReplyFields fields) {
            fields.seconds("age", age);
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onNow(this);
        }
    }

    /** What happened before is not known one by one. The state as it is now follows at once: a {@link Block.Clients}. */
    record Resync(long revision) implements Event {
        static final String KIND = "resync";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public void writeContent(RecordBytes bytes) {
            // Its state follows.
        }

        @Override
        public Tone tone() {
            return Tone.WARNING;
        }

        @Override
        public void describeContent(ReplyFields fields) {
            // Its state follows.
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onResync(this);
        }
    }

    /**
     * What the program that embeds the server has to say: {@code event 0 message hello everybody}. It belongs to no revision,
     * and may come at any time, also to a client that does not watch.
     *
     * @param text the rest of the line as it is, blanks included: 0 to 1,008 bytes of UTF-8 without control characters
     */
    record Message(String text) implements Event {
        static final String KIND = "message";

        /**
         * Checks the text.
         *
         * @throws IllegalArgumentException if it does not have this form
         */
        public Message {
            if (!LineFormat.fits(PREFIX + "0 " + KIND + " " + text)) {
                throw new IllegalArgumentException("not a text of one line");
            }
        }

        @Override
        public long revision() {
            return 0;
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public boolean isOfWatch() {
            return false;
        }

        @Override
        public void writeContent(RecordBytes bytes) {
            bytes.text(text.isEmpty() ? "" : " " + text);
        }

        @Override
        public void describeContent(ReplyFields fields) {
            fields.text("text", text);
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onMessage(this);
        }
    }

    /**
     * An event of a kind that this version does not know.
     *
     * @param kind what follows the revision: the kind and all that belongs to it
     */
    record Other(long revision, String kind) implements Event {
        @Override
        public boolean isOfWatch() {
            return false;
        }

        @Override
        public void writeContent(RecordBytes bytes) {
            // The kind is all of it.
        }

        @Override
        public void describeContent(ReplyFields fields) {
            // The kind is all of it.
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onOther(this);
        }
    }

    /** Whether {@code line} is an event that a client may get without a watch: a {@link Message}, or of an unknown kind. */
    static boolean isOutsideWatch(String line) {
        return EventFormat.isOutsideWatch(line);
    }

    /**
     * Reads an event.
     *
     * @throws MalformedReplyException if the line is none
     */
    static Event parse(String line) {
        return EventFormat.parse(line);
    }
}
