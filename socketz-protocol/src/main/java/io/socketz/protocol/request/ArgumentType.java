package io.socketz.protocol.request;

import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.name.ClientName;
import io.socketz.protocol.name.ClientReference;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.time.TimeText;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What the value of an argument may be. The name of the value in the syntax of a row tells its type. */
enum ArgumentType {
    /** How many. */
    COUNT("n", "a number from 1 to " + ArgumentType.MOST, text -> isNumber(text, 1, ArgumentType.MOST)),

    /** A revision of the store. */
    REVISION("revision", "a revision, a number of 0 or more", text -> isNumber(text, 0, Long.MAX_VALUE)),

    /** A block of addresses. */
    CIDR("cidr", "an address block such as 10.0.0.0/8", parses(Cidr::parse)),

    /** A pattern of names. */
    GLOB("glob", "a pattern of names such as web-*", parses(Glob::parse)),

    /** A server. */
    SERVER("s", "the name of a server, or its id", text -> true),

    /** A client. */
    CLIENT("id", "the id of a client such as 08483048/17", parses(ClientReference::parse)),

    /** A length of time. */
    TIME("time", "a time such as 30s, 10m or 2h", parses(TimeText::parse)),

    /** The name of a client. */
    CLIENT_NAME("label", ClientName.FORM, ClientName::isName) {
        @Override
        String code() {
            return "BAD_NAME";
        }
    },

    /** Anything else. */
    ANY("", "", text -> true);

    /** The most that a COUNT may be. */
    static final long MOST = 10_000;

    private final String name;
    private final String expected;
    private final Predicate<String> admits;

    ArgumentType(String name, String expected, Predicate<String> admits) {
        this.name = name;
        this.expected = expected;
        this.admits = admits;
    }

    /** The type of the values that a row calls {@code name}. */
    static ArgumentType of(String name) {
        return Arrays.stream(values())
                .filter(type -> type.name.equals(name))
                .findFirst()
                .orElse(ANY);
    }

    boolean admits(String value) {
        return admits.test(value);
    }

    /** What it is, in the words of an error message; empty for {@link #ANY}. */
    String expected() {
        return expected;
    }

    /** The code of the error line for a value that is not of this type. */
    String code() {
        return BadArgumentException.CODE;
    }

    private static boolean isNumber(String text, long least, long most) {
        if (text.isEmpty() || text.length() > 19 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        try {
            long number = Long.parseLong(text);
            return number >= least && number <= most;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static Predicate<String> parses(Consumer<String> parser) {
        return text -> {
            try {
                parser.accept(text);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        };
    }
}
