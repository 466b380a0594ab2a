package io.socketz.server.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parameters of a request: {@code ?server=server01&limit=10}. Each occurs once; one without a value is a flag. */
final class QueryParameters {
    private final Map<String, String> values = new LinkedHashMap<>();

    private QueryParameters() {}

    /**
     * Reads what follows the question mark.
     *
     * @param query as it was sent; null for no parameters
     * @throws BadRequestException if it cannot be read, or a parameter occurs twice
     */
    static QueryParameters parse(@Nullable String query) throws BadRequestException {
        QueryParameters parameters = new QueryParameters();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String key = decode(equals < 0 ? pair : pair.substring(0, equals));
                if (parameters.values.put(key, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                    throw new BadRequestException("expected '" + printable(key) + "' once");
                }
            }
        }
        return parameters;
    }

    private static String decode(String text) throws BadRequestException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("expected two hexadecimal digits after each percent sign");
        }
    }

    /** Refuses every parameter but these. */
    void allow(List<String> names) throws BadRequestException {
        for (String name : values.keySet()) {
            if (!names.contains(name)) {
                throw new BadRequestException(
                        names.isEmpty()
                                ? "expected no parameters"
                                : "expected some of " + String.join(", ", names) + ", not '" + printable(name) + "'");
            }
        }
    }

    /** The value of a parameter; empty if it is missing. */
    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * Whether a flag is set: {@code fresh}, {@code fresh=1}, {@code fresh=true}.
     *
     * @throws BadRequestException if it has another value
     */
    boolean flag(String name) throws BadRequestException {
        String value = values.getOrDefault(name, "false");
        return switch (value) {
            case "", "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw new BadRequestException("expected " + name + "=1 or " + name + "=0");
        };
    }

    private static String printable(String text) {
        String line = text.replaceAll("[^ -~]", "?");
        return line.length() <= 40 ? line : line.substring(0, 40) + "...";
    }
}
