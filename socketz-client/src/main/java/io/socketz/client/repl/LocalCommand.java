package io.socketz.client.repl;

import io.socketz.client.WatchQuery;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The table of the commands that never reach a server, in the order in which they are shown. Completion, hints and
 * {@code /help} are made from it.
 *
 * <p>A few need no slash, since people type them at any prompt. If the server has a command of the same name, that one
 * is sent.
 */
enum LocalCommand {
    HELP("", "shows this; ? does too, and HELP asks the server", "?") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException {
            arguments.end();
            on.help();
        }
    },
    CONNECT("[HOST[:PORT],...]", "connects to another server") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException, InterruptedException {
            Optional<String> addresses =
                    arguments.isEmpty() ? Optional.empty() : Optional.of(arguments.word("HOST:PORT"));
            arguments.end();
            on.connect(addresses);
        }
    },
    INFO("", "shows which server this is, and since when") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException {
            arguments.end();
            on.info();
        }
    },
    LATENCY("[TIMES]", "measures how long a WHY takes (default: 100 times)") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException, InterruptedException {
            int times = arguments.isEmpty() ? 100 : arguments.number("TIMES", 1, 1_000_000);
            arguments.end();
            on.latency(times);
        }
    },
    REPEAT("TIMES [INTERVAL] COMMAND", "sends COMMAND several times: /repeat 5 1s WHO") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException, InterruptedException {
            int times = arguments.number("TIMES", 1, 1_000_000);
            Duration interval = arguments.optionalTime().orElse(Duration.ZERO);
            on.repeat(times, interval, arguments.command());
        }
    },
    WATCH("[INTERVAL] COMMAND", "shows the reply live: /watch 1s SERVERS; /watch WHO shows who comes and goes") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException, InterruptedException {
            Optional<Duration> interval = arguments.optionalTime();
            String command = arguments.command();
            Optional<WatchQuery> query = arguments.watched();
            if (query.isPresent()) {
                on.watch(query.get());
            } else {
                on.watch(
                        interval.orElseThrow(() -> new WrongUseException("INTERVAL is missing; only WHO needs none")),
                        command);
            }
        }
    },
    TOP("[INTERVAL]", "shows servers, clients, and who comes and goes, on a live screen") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException, InterruptedException {
            Duration interval = arguments.isEmpty() ? Duration.ofSeconds(1) : arguments.time("INTERVAL");
            arguments.end();
            on.top(interval);
        }
    },
    PLAIN("[on|off]", "shows lists as the server sends them, not as tables") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException {
            String word = arguments.isEmpty() ? "on" : arguments.word("").toLowerCase(Locale.ROOT);
            arguments.end();
            if (!word.equals("on") && !word.equals("off")) {
                throw new WrongUseException("use on or off");
            }
            on.plain(word.equals("on"));
        }
    },
    QUIT("", "leaves; exit and Ctrl-D do too", "exit") {
        @Override
        void run(Actions on, Arguments arguments) throws WrongUseException {
            arguments.end();
            on.quit();
        }
    };

    private final String arguments;
    private final String help;
    private final List<String> withoutSlash;

    LocalCommand(String arguments, String help, String... withoutSlash) {
        this.arguments = arguments;
        this.help = help;
        this.withoutSlash = List.of(withoutSlash);
    }

    /** What the commands do. */
    interface Actions {
        void help();

        void connect(Optional<String> addresses) throws InterruptedException;

        void info();

        void latency(int times) throws InterruptedException;

        void repeat(int times, Duration interval, String command) throws InterruptedException;

        /** Asks again and again. */
        void watch(Duration interval, String command) throws InterruptedException;

        /** Shows who comes and goes. */
        void watch(WatchQuery query);

        /** Shows the cluster on a live screen, painted anew at this interval. */
        void top(Duration interval) throws InterruptedException;

        void plain(boolean plain);

        void quit();
    }

    /** Whether a line is a local command: it begins with a slash or a dot, or is a word that needs none. */
    static boolean isLocal(String line) {
        return hasSlash(line) || withoutSlash(line).isPresent();
    }

    private static boolean hasSlash(String line) {
        return line.startsWith("/") || line.startsWith(".");
    }

    private static Optional<LocalCommand> withoutSlash(String line) {
        if (BuiltInCommands.TABLE.parse(line) instanceof Command) {
            return Optional.empty();
        }
        String word = line.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(each -> each.withoutSlash.contains(word))
                .findFirst();
    }

    /** The command of that name, whether or not it needs a slash. */
    private static Optional<LocalCommand> named(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equalsIgnoreCase(word))
                .findFirst()
                .or(() -> withoutSlash(word));
    }

    /** What to tell a person after a line that the server did not understand. */
    static String hint(String line) {
        return named(line.split("\\s+", 2)[0])
                .map(meant -> "did you mean " + meant.usage() + "?")
                .orElse("/help lists the commands; /quit leaves");
    }

    /**
     * Runs {@code line}.
     *
     * @throws WrongUseException if there is no such command, or its arguments are wrong
     */
    static void run(String line, Actions on) throws WrongUseException, InterruptedException {
        String[] words = line.substring(hasSlash(line) ? 1 : 0).strip().split("\\s+", 2);
        LocalCommand command =
                named(words[0]).orElseThrow(() -> new WrongUseException("no such local command: see /help"));
        try {
            command.run(on, new Arguments(words.length > 1 ? words[1] : ""));
        } catch (WrongUseException e) {
            throw new WrongUseException(command.usage() + ": " + e.getMessage());
        }
    }

    abstract void run(Actions on, Arguments arguments) throws WrongUseException, InterruptedException;

    /** The name without its slash. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@code /repeat TIMES [INTERVAL] COMMAND}. */
    String usage() {
        return arguments.isEmpty() ? "/" + word() : "/" + word() + " " + arguments;
    }

    /** The names of its arguments in order. */
    List<String> arguments() {
        return arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
    }

    String help() {
        return help;
    }
}
