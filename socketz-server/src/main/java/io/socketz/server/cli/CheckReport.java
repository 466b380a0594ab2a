package io.socketz.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * What {@code serve --check} finds, a line for each thing: what is well on standard output, the rest on standard error.
 *
 * <p>An error is what somebody has to repair before the server can do what was asked. What may pass by itself, such as an
 * etcd that does not answer, is a warning, and so is a port in use: it may be that of a running server.
 */
final class CheckReport {
    private final PrintWriter out;
    private final PrintWriter err;
    private int errors;

    CheckReport(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Reads a file as a server would. */
    @FunctionalInterface
    interface FileReader {
        /**
         * Reads {@code file}.
         *
         * @throws IOException if it cannot be used; with a message of one line that names the file
         */
        void read(Path file) throws IOException;
    }

    /** @param file null if the option was not given */
    void file(String option, @Nullable Path file, FileReader reader) {
        if (file == null) {
            return;
        }
        try {
            reader.read(file);
            ok(option + ": " + file);
        } catch (IOException e) {
            error(option + ": " + e.getMessage());
        }
    }

    void ok(String what) {
        print(out, "ok: " + what);
    }

    void warning(String what) {
        print(err, "warning: " + what);
    }

    void error(String what) {
        errors++;
        print(err, "error: " + what);
    }

    /** The exit status: that of a wrong command line if there was an error. */
    int status() {
        return errors == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.USAGE;
    }

    /** At once, so that both streams keep their common order on a terminal. */
    private static void print(PrintWriter to, String line) {
        to.println(line);
        to.flush();
    }
}
