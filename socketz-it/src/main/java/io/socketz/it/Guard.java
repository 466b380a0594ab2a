package io.socketz.it;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sees to it that the processes of a harness do not outlive it, however it ends: a shell that is told their ids through
 * a pipe, and kills those that are left at the pipe's end. One for the whole JVM.
 */
final class Guard {
    /** Deaf to what a terminal sends to all, and to whoever ends the harness by its group. */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            pids=' '
            while read -r what pid; do
                case $what in
                add) pids="$pids$pid " ;;
                remove) pids="${pids%% $pid *} ${pids#* $pid }" ;;
                esac
            done
            for pid in $pids; do
                kill -9 "-$pid" || kill -9 "$pid"
            done 2>/dev/null
            """;

    /** Lets a program begin only when the guard knows it; without that word, the harness is dead. */
    private static final String WAIT = "read -r go && exec \"$@\" </dev/null";

    /** Guarded by the class. */
    private static OutputStream pipe = OutputStream.nullOutputStream();

    /** Guarded by the class. */
    private static boolean started;

    private Guard() {}

    /**
     * Starts a program that ends with this JVM, in a session of its own where there is setsid: a Ctrl-C is for the
     * harness alone.
     *
     * @throws IOException if there is no {@code sh}
     */
    static Process start(ProcessBuilder builder) throws IOException {
        List<String> command = Programs.apart();
        command.addAll(List.of("sh", "-c", WAIT, "sh"));
        command.addAll(builder.command());
        builder.command(command).redirectInput(ProcessBuilder.Redirect.PIPE);
        Process process = builder.start();
        tell("add " + process.pid());
        var unused = process.onExit().thenRun(() -> tell("remove " + process.pid()));
        try (OutputStream input = process.getOutputStream()) {
            input.write("go\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            process.destroyForcibly(); // it has ended
        }
        return process;
    }

    private static synchronized void tell(String line) {
        try {
            if (!started) {
                List<String> command = Programs.apart();
                command.addAll(List.of("sh", "-c", SCRIPT));
                pipe = new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .getOutputStream();
                started = true;
            }
            pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
