package io.socketz.state;

import java.time.Instant;
import java.util.UUID;

/**
 * A server of the cluster.
 *
 * @param id new at every start of the server
 * @param name what people call it, for example {@code server01}; need not be unique
 * @param address {@code host:port} at which others reach it
 * @param since when it started, in whole milliseconds
 */
public record Member(UUID id, String name, String address, Instant since) {}
