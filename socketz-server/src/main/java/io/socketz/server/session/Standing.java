package io.socketz.server.session;

/**
 * How a client stands that may be let go: it came through a proxy, so that it comes back to another server; it waits for
 * nothing, and no administrator has made its connection. Times are as {@link System#nanoTime}.
 *
 * @param watches whether it watches
 * @param idleSince when it last sent something, or took what it was sent
 * @param joinedAt when it connected, to 10 ms
 */
public record Standing(boolean watches, long idleSince, long joinedAt) {}
