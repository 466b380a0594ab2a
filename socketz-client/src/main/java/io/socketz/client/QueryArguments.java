package io.socketz.client;

import io.socketz.protocol.request.BadArgumentException;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The flags and keywords of a query, in the order in which they were given first. Immutable.
 *
 * @param row of the command that takes them
 * @param values by keyword; those of flags are empty
 */
record QueryArguments(CommandRow row, Map<String, String> values) {
    /** Without flags and keywords. */
    static QueryArguments of(CommandRow row) {
        return new QueryArguments(row, Map.of());
    }

    /**
     * These with another one, or another value.
     *
     * @throws BadArgumentException if the value is not one
     */
    QueryArguments with(String keyword, String value) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(keyword, value);
        QueryArguments arguments = new QueryArguments(row, changed);
        var unused = arguments.command();
        return arguments;
    }

    /** These without that one. */
    QueryArguments without(String keyword) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.remove(keyword);
        return new QueryArguments(row, changed);
    }

    /**
     * These with a server that is meant.
     *
     * @throws IllegalArgumentException if it is empty, or has blanks or control characters
     */
    QueryArguments withServer(String server) {
        if (server.isEmpty() || server.chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException("a server's name or id has no blanks, and is not empty");
        }
        return with("SERVER", server);
    }

    Command command() {
        StringBuilder text = new StringBuilder();
        values.forEach((keyword, value) -> text.append(text.length() == 0 ? "" : " ")
                .append(keyword)
                .append(value.isEmpty() ? "" : " ")
                .append(value));
        return row.command(text.toString());
    }
}
