package io.socketz.protocol.request;

import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.name.ClientReference;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.name.ServerReference;
import io.socketz.protocol.time.TimeText;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The arguments of a command, each by its name in the syntax of the row: {@code LIMIT} for {@code [LIMIT n]}, {@code
 * FRESH} for {@code [FRESH]}, {@code id} for {@code id}. They were checked when the command was made, so a typed value has
 * its type. Immutable.
 */
public final class CommandArguments {
    /** Flags have an empty value. */
    private final Map<String, String> values;

    CommandArguments(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Whether it was given. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value as it was written; empty if it was not given. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The value of {@code n} or {@code revision}; empty if it was not given. */
    public OptionalLong number(String name) {
        String value = values.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }

    /** The value of {@code cidr}; empty if it was not given. */
    public Optional<Cidr> cidr(String name) {
        return value(name).map(Cidr::parse);
    }

    /** The value of {@code glob}; empty if it was not given. */
    public Optional<Glob> glob(String name) {
        return value(name).map(Glob::parse);
    }

    /** The value of {@code id}; empty if it was not given. */
    public Optional<ClientReference> client(String name) {
        return value(name).map(ClientReference::parse);
    }

    /** The value of {@code server}; empty if it was not given. */
    public Optional<ServerReference> server(String name) {
        return value(name).map(ServerReference::new);
    }

    /** The value of {@code time}; empty if it was not given. */
    public Optional<Duration> time(String name) {
        return value(name).map(TimeText::parse);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
