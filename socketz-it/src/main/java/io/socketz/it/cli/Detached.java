package io.socketz.it.cli;

import io.socketz.it.Home;
import io.socketz.it.Programs;
import io.socketz.it.TopologyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code socketz up} in the background: the same program, watched until it is ready. */
final class Detached {
    private static final int INTERVAL_MILLIS = 50;

    private final Path home;
    private final ProjectOptions options;
    private final List<String> arguments;

    /** Runs the launcher with these arguments. */
    Detached(Path home, ProjectOptions options, List<String> arguments) {
        this.home = home;
        this.options = options;
        this.arguments = arguments;
    }

    /**
     * Starts it, and shows its output until it is ready or has ended. A signal before that ends it too.
     *
     * @param project released, for the other process to claim
     * @return the exit status
     */
    int start(Project project, PrintWriter out, PrintWriter err) throws IOException, InterruptedException {
        Path folder = project.folder();
        try (project) {
            Files.writeString(folder.resolve(Project.OUT), "");
            Files.writeString(folder.resolve(Project.ERR), "");
        }
        try (Tail said = new Tail(folder.resolve(Project.OUT), out);
                Tail warned = new Tail(folder.resolve(Project.ERR), err)) {
            said.show(); // opened now, since the process may delete its folder when it fails
            warned.show();
            Process process = spawn(folder);
            Thread end = new Thread(() -> end(process), "end of the topology");
            Runtime.getRuntime().addShutdownHook(end);
            boolean ready = false;
            while (!ready && !process.waitFor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                ready = isReady();
                said.show();
                warned.show();
            }
            said.show();
            warned.show();
            Runtime.getRuntime().removeShutdownHook(end);
            if (ready) {
                return 0;
            }
            int status = process.exitValue();
            if (status != 0 && !warned.hasShown()) {
                throw new TopologyException("its process has ended with status " + status
                        + " and no message: it was killed, or the disk of '" + folder + "' is full");
            }
            return Math.max(1, status);
        }
    }

    private Process spawn(Path folder) throws IOException {
        List<String> command = new ArrayList<>(Programs.inOwnSession());
        command.add(Home.launcher(home));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile()) // it must not keep the user's current folder busy
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(Redirect.appendTo(folder.resolve(Project.OUT).toFile()))
                .redirectError(Redirect.appendTo(folder.resolve(Project.ERR).toFile()));
        builder.environment().put("SOCKETZ_NO_BUILD", "1");
        return builder.start();
    }

    private boolean isReady() {
        List<String> state = new ArrayList<>();
        try {
            int status = Question.ask(options, "state", state::add, new PrintWriter(Writer.nullWriter()));
            return status == 0 && state.equals(List.of("ready"));
        } catch (TopologyException e) {
            return false; // not yet
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            var unused = process.waitFor(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
