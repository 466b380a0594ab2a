package io.socketz.it;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that the processes of a harness do not outlive it, however it ends: a shell gets their ids through a pipe,
 * and kills those that are left when the pipe ends. One shell for the whole JVM, and a new one if it is killed.
 */
final class Guard {
    /** Ignores signals from the terminal, and those to the process group of the harness. */
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

    /** Lets a program begin only when the guard knows it. If the word does not come, the harness is dead. */
    private static final String WAIT = "read -r go && exec \"$@\" </dev/null";

    /** Processes that run. Guarded by the class. */
    private static final Set<Long> pids = new HashSet<>();

    /** Guarded by the class. */
    private static @Nullable Process shell;

    private Guard() {}

    /**
     * Starts a program that ends with this JVM. If there is setsid, it gets its own session, so that Ctrl-C reaches
     * only the harness.
     *
     * @throws IOException if there is no {@code sh}
     */
    static Process start(ProcessBuilder builder) throws IOException {
        List<String> command = Programs.inOwnSession();
        command.addAll(List.of("sh", "-c", WAIT, "sh"));
        command.addAll(builder.command());
        builder.command(command).redirectInput(ProcessBuilder.Redirect.PIPE);
        Process process = builder.start();
        try {
            add(process.pid());
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
        var unused = process.onExit().thenRun(() -> remove(process.pid()));
        try (OutputStream input = process.getOutputStream()) {
            input.write("go\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            process.destroyForcibly(); // it has already ended
        }
        return process;
    }

    private static synchronized void add(long pid) throws IOException {
        pids.add(pid);
        try {
            tell("add", pid);
        } catch (IOException e) {
            renew();
        }
    }

    private static synchronized void remove(long pid) {
        pids.remove(pid);
        try {
            tell("remove", pid);
        } catch (IOException e) {
            // a new shell will not know it
        }
    }

    private static void tell(String what, long pid) throws IOException {
        Process target = shell;
        if (target == null || !target.isAlive()) {
            throw new IOException("no guard");
        }
        OutputStream pipe = target.getOutputStream();
        pipe.write((what + " " + pid + "\n").getBytes(StandardCharsets.US_ASCII));
        pipe.flush();
    }

    /** Starts a shell and tells it about all processes that run. */
    private static void renew() throws IOException {
        List<String> command = Programs.inOwnSession();
        command.addAll(List.of("sh", "-c", SCRIPT));
        Process started = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        shell = started;
        for (long pid : pids) {
            tell("add", pid);
        }
        var unused = started.onExit().thenAccept(Guard::onEnd);
    }

    /** The shell was killed. */
    private static synchronized void onEnd(Process ended) {
        if (ended == shell && !pids.isEmpty()) {
            try {
                renew();
            } catch (IOException e) {
                // retried with the next start
            }
        }
    }
}
