package io.socketz.client.repl;

import io.socketz.client.console.Printable;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.RequestParser;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words behind a local command, taken one by one from the left. */
final class Arguments {
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h)");
    private static final Duration SHORTEST = Duration.ofMillis(10);

    private String rest;

    Arguments(String text) {
        this.rest = text.strip();
    }

    boolean isEmpty() {
        return rest.isEmpty();
    }

    /** The next word. */
    String word(String name) throws WrongUseException {
        String word = peek();
        if (word.isEmpty()) {
            throw new WrongUseException(name + " is missing");
        }
        rest = rest.substring(word.length()).strip();
        return word;
    }

    /** The next word, a number. */
    int number(String name, int least, int most) throws WrongUseException {
        String word = word(name);
        try {
            int number = Integer.parseInt(word);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new WrongUseException("'" + Printable.of(word) + "' is not a number from " + least + " to " + most);
    }

    /** The next word, if it is a time with a unit. */
    Optional<Duration> time() throws WrongUseException {
        Matcher matcher = TIME.matcher(peek());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String word = word("");
        long number = Long.parseLong(matcher.group(1));
        Duration time = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
        if (time.compareTo(SHORTEST) < 0) {
            throw new WrongUseException("'" + word + "' is less than 10ms");
        }
        return Optional.of(time);
    }

    /** All that is left: a command for the server. */
    String command() throws WrongUseException {
        if (rest.isEmpty()) {
            throw new WrongUseException("COMMAND is missing");
        }
        if (LocalCommand.isLocal(rest)) {
            throw new WrongUseException("COMMAND has to be one of the server's");
        }
        if (RequestParser.parse(rest) instanceof Command.Quit) {
            throw new WrongUseException("QUIT can be had but once");
        }
        return rest;
    }

    /** Nothing may be left. */
    void end() throws WrongUseException {
        if (!rest.isEmpty()) {
            throw new WrongUseException("'" + Printable.of(rest) + "' is too much");
        }
    }

    private String peek() {
        return rest.split("\\s+", 2)[0];
    }
}
