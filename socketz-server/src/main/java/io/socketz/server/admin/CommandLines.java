package io.socketz.server.admin;

import io.socketz.protocol.reply.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The parameters of a request as the arguments of a command: {@code ?server=server01&limit=10} as {@code SERVER server01
 * LIMIT 10}. The command itself says what is wrong with a value.
 */
final class CommandLines {
    private CommandLines() {}

    /**
     * The command with the parameters that are arguments with a value.
     *
     * @throws BadRequestException if a value is more or less than a word, or all is too long
     */
    static String line(String command, List<String> arguments, QueryParameters query) throws BadRequestException {
        StringBuilder line = new StringBuilder(command);
        for (String argument : arguments) {
            Optional<String> value = query.find(argument);
            if (value.isPresent()) {
                line.append(' ').append(argument.toUpperCase(Locale.ROOT));
                line.append(' ').append(word(argument, value.get()));
            }
        }
        if (line.length() > Reply.MAX_LINE_BYTES) {
            throw new BadRequestException("expected parameters of " + Reply.MAX_LINE_BYTES + " bytes at most");
        }
        return line.toString();
    }

    private static String word(String argument, String value) throws BadRequestException {
        if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new BadRequestException("expected " + argument + " with one word");
        }
        return value;
    }
}
