package io.socketz.client.repl;

import io.socketz.client.WatchQuery;
import io.socketz.client.console.Printable;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Request;
import io.socketz.protocol.time.TimeText;
import java.time.Duration;
import java.util.Optional;

/** The arguments of a local command, taken word by word from the left. */
final class Arguments {
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
            // Reported below.
        }
        throw new WrongUseException("'" + Printable.of(word) + "' is not a number from " + least + " to " + most);
    }

    /** The next word, a time of 10 ms or more (see {@link TimeText}). */
    Duration time(String name) throws WrongUseException {
        String word = word(name);
        try {
            Duration time = TimeText.parse(word);
            if (time.compareTo(SHORTEST) >= 0) {
                return time;
            }
        } catch (IllegalArgumentException e) {
            throw new WrongUseException(Printable.of(String.valueOf(e.getMessage())));
        }
        throw new WrongUseException("'" + word + "' is less than 10ms");
    }

    /** The next word, if it is a time: it begins with a digit, as no command of the server does. */
    Optional<Duration> optionalTime() throws WrongUseException {
        return isTime(peek()) ? Optional.of(time("")) : Optional.empty();
    }

    /** Whether {@code word} is a time, valid or not, rather than a command. */
    static boolean isTime(String word) {
        return !word.isEmpty() && word.charAt(0) >= '0' && word.charAt(0) <= '9';
    }

    /** All remaining words: a command for the server. */
    String command() throws WrongUseException {
        if (rest.isEmpty()) {
            throw new WrongUseException("COMMAND is missing");
        }
        if (LocalCommand.isLocal(rest)) {
            throw new WrongUseException("COMMAND must be a command of the server");
        }
        if (BuiltInCommands.TABLE.parse(rest).endsConnection()) {
            throw new WrongUseException("QUIT works only once");
        }
        Request request = BuiltInCommands.TABLE.parse(rest);
        if (request.asksFor(BuiltInCommands.WATCH) || request.asksFor(BuiltInCommands.UNWATCH)) {
            throw new WrongUseException("WATCH and UNWATCH are not to be repeated: type them alone");
        }
        return rest;
    }

    /**
     * All remaining words, if they are {@code WHO} and perhaps what {@code WATCH} takes: then events show what happens to
     * this list, and nobody need ask again. Empty if they are another command.
     *
     * @throws WrongUseException if {@code WATCH} does not take what follows
     */
    Optional<WatchQuery> watched() throws WrongUseException {
        String[] words = rest.split("\\s+", 2);
        Request request = BuiltInCommands.TABLE.parse(rest);
        if (!words[0].equalsIgnoreCase(BuiltInCommands.WHO.words())
                || !(request.asksFor(BuiltInCommands.WHO) || request instanceof Request.Invalid)) {
            return Optional.empty();
        }
        try {
            return Optional.of(WatchQuery.parse(words.length > 1 ? words[1] : ""));
        } catch (IllegalArgumentException e) {
            String syntax = BuiltInCommands.WATCH.syntax();
            String typed = BuiltInCommands.WHO.words()
                    + syntax.substring(BuiltInCommands.WATCH.words().length());
            throw new WrongUseException(
                    Printable.of(String.valueOf(e.getMessage()).replace(syntax, typed)));
        }
    }

    /** Checks that nothing is left. */
    void end() throws WrongUseException {
        if (!rest.isEmpty()) {
            throw new WrongUseException("'" + Printable.of(rest) + "' is not expected");
        }
    }

    private String peek() {
        return rest.split("\\s+", 2)[0];
    }
}
