package io.socketz.server.log;

import java.util.Locale;

/** What has happened: {@code event} of a line of JSON. */
public enum LogEvent {
    /** The server starts. */
    STARTING,
    /** A port is open. */
    LISTENING,
    /** The server stops. */
    STOPPING,
    /** A client has joined. */
    CONNECTED,
    /** Replies were sent to a client. */
    REPLIED,
    /** A connection has ended. */
    CLOSED,
    /** The server begins to let clients go since it has more than its share, or has ended that. */
    REBALANCING,
    /** Something about etcd, good or bad. */
    ETCD,
    /** Something else that an operator should know. */
    WARNING,
    /** The server cannot continue. */
    FAILURE,
    /** A library has logged something. */
    LIBRARY,
    /** Lines were dropped. */
    DROPPED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
