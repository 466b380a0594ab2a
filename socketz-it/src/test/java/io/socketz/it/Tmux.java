package io.socketz.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A program in a terminal of 80 by 24, and its keyboard: a tmux server for this one program. */
final class Tmux implements AutoCloseable {
    /** Keeps what has scrolled out, and the screen after the program has ended. */
    private static final List<String> SETTINGS = List.of("set -g history-limit 10000", "set -g remain-on-exit on");

    /** Prints how the program ended, since tmux sometimes misses it. Ctrl-C is for the program alone. */
    private static final String SHELL = "trap : INT; \"$@\"; echo \"exit status $?\"";

    private final List<String> tmux;
    private final ProcessHandle program;
    private final ProcessHandle server;

    private Tmux(Path directory, List<String> command) throws Exception {
        Path settings = Files.write(directory.resolve("tmux.conf"), SETTINGS);
        // A server of its own, apart from the user's tmux.
        String socket = directory.resolve("tmux").toString();
        tmux = List.of(Checkout.tool("tmux"), "-S", socket, "-f", settings.toString());
        List<String> start = new ArrayList<>(List.of("new-session", "-d", "-x", "80", "-y", "24", "--"));
        start.addAll(List.of("sh", "-c", SHELL, "sh"));
        start.addAll(command);
        tell(start);
        server = process("#{pid}");
        program = process("#{pane_pid}");
    }

    /**
     * Starts {@code command}.
     *
     * @param directory where tmux may keep its files: one for each
     */
    static Tmux start(Path directory, List<String> command) throws Exception {
        return new Tmux(directory, command);
    }

    private ProcessHandle process(String format) throws Exception {
        long pid = Long.parseLong(tell(List.of("display-message", "-p", format)).strip());
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        Child.adopt(process);
        return process;
    }

    private String tell(List<String> words) throws Exception {
        List<String> command = new ArrayList<>(tmux);
        command.addAll(words);
        Child.Result result = Child.of(command).run();
        if (result.status() != 0) {
            throw new AssertionError(command + ": " + result);
        }
        return result.out();
    }

    /** Types a line and Enter. */
    void type(String line) throws Exception {
        if (!line.isEmpty()) {
            tell(List.of("send-keys", "-l", "--", line));
        }
        press("Enter");
    }

    /** Pastes text, of which a program that knows pastes runs nothing before Enter. */
    void paste(String text) throws Exception {
        tell(List.of("set-buffer", "--", text));
        tell(List.of("paste-buffer", "-p"));
    }

    /** Presses keys, by tmux's names for them: {@code C-c}. */
    void press(String... keys) throws Exception {
        List<String> words = new ArrayList<>(List.of("send-keys", "--"));
        words.addAll(List.of(keys));
        tell(words);
    }

    /** Sends SIGINT to the program many times, faster than anybody can press Ctrl-C. */
    void interrupt(int times) throws Exception {
        ProcessHandle child = program.children().findFirst().orElseThrow();
        String loop = "for ((i = 0; i < " + times + "; i++)); do kill -INT " + child.pid() + " || exit 1; done";
        Child.Result result = Child.of(List.of("bash", "-c", loop)).run();
        if (result.status() != 0) {
            throw new AssertionError("the program has ended: " + result + "\n" + screen());
        }
    }

    /** What the screen shows, including what has scrolled out, without trailing blanks. */
    String screen() throws Exception {
        return tell(List.of("capture-pane", "-p", "-S", "-")).stripTrailing();
    }

    /** The same with its escape sequences, for colours for example. */
    String screenWithColours() throws Exception {
        return tell(List.of("capture-pane", "-p", "-e", "-S", "-")).stripTrailing();
    }

    /** The settings of the program's terminal, as {@code stty -a} prints them, on one line. */
    String terminalSettings() throws Exception {
        String terminal = tell(List.of("display-message", "-p", "#{pane_tty}")).strip();
        String option = System.getProperty("os.name").startsWith("Mac") ? "-f" : "-F";
        return " "
                + Child.of(List.of("stty", option, terminal, "-a")).run().out().replace('\n', ' ');
    }

    /** Gives the window another size, and waits until the terminal has it: tmux loses one of two that come too soon. */
    void resize(int columns, int rows) throws Exception {
        tell(List.of("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows)));
        Polling.until(
                this::terminalSettings,
                settings -> isSize(settings, "columns", columns) && isSize(settings, "rows", rows),
                "the terminal does not get its size");
    }

    /** GNU: {@code columns 80;}, BSD: {@code 80 columns;}. */
    private static boolean isSize(String settings, String what, int size) {
        return settings.contains(" " + what + " " + size + ";") || settings.contains(" " + size + " " + what + ";");
    }

    /** Waits until the program has ended, and returns its exit status. */
    int awaitExit() throws Exception {
        String screen = await("exit status ");
        return Integer.parseInt(screen.replaceFirst("(?s).*exit status (\\d+).*", "$1"));
    }

    /** Waits until the screen contains {@code text}. */
    String await(String text) throws Exception {
        return await(screen -> screen.contains(text), text);
    }

    /** Waits until the screen ends with {@code text}. */
    String awaitEnd(String text) throws Exception {
        return await(screen -> screen.endsWith(text), text);
    }

    private String await(Predicate<String> condition, String text) throws Exception {
        return Polling.until(this::screen, condition, "no '" + text + "' on the screen");
    }

    @Override
    public void close() {
        Child.kill(program);
        Child.kill(server);
    }
}
