package io.socketz.state;

import java.time.Duration;

/**
 * A roster, and how it stands to the moment of asking.
 *
 * @param fresh whether it is known to be at least as new as that moment
 * @param age how long ago it was last known to be the truth; zero where it is fresh
 */
public record FreshRoster(Roster roster, boolean fresh, Duration age) {}
