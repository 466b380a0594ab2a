package io.socketz.state;

import java.time.Duration;

/**
 * A roster, and how old it is, for somebody who asked for a fresh one.
 *
 * @param fresh whether it is known to hold all changes that had happened when it was asked for
 * @param age how long ago it was last known to be complete; zero if it is fresh
 */
public record FreshRoster(Roster roster, boolean fresh, Duration age) {}
