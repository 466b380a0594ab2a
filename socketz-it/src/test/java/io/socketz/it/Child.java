package io.socketz.it;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process that a test started: what it prints and how it ends. It never outlives the tests. */
final class Child implements AutoCloseable {
    /** Variables that may be set for every JVM on this machine: they would print a line, or change what is tested. */
    private static final Set<String> JVM_SETTINGS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** Variables that the build sets for the programs that its tests start: pom.xml says why. */
    private static final Set<String> OF_THE_BUILD = Set.of("SOCKETZ_NO_BUILD", "SOCKETZ_JAVA_OPTS");

    private static final Set<ProcessHandle> LIVING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVING.forEach(Child::kill)));
    }

    /** How a process ended and all it printed. */
    record Result(int status, String out, String err) {}

    private final Process process;
    private final Output out;
    private final Output err;

    private Child(Process process, Predicate<String> enough) {
        this.process = process;
        LIVING.add(process.toHandle());
        this.out = new Output("standard output", process.inputReader(StandardCharsets.UTF_8), enough);
        this.err = new Output("standard error", process.errorReader(StandardCharsets.UTF_8), text -> false);
    }

    static Builder of(List<String> command) {
        return new Builder(command);
    }

    /** Makes sure that {@code process}, which is no child of this one, ends with the tests. */
    static void adopt(ProcessHandle process) {
        LIVING.add(process);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    Output out() {
        return out;
    }

    Output err() {
        return err;
    }

    /** Closes this end of its standard output, as a reader that ends does. */
    void closeOutput() throws IOException {
        process.getInputStream().close();
    }

    /** Sends a signal: TERM, INT, ... */
    void signal(String name) throws Exception {
        Result result =
                of(List.of("kill", "-" + name, Long.toString(process.pid()))).run();
        if (result.status() != 0) {
            throw new AssertionError("cannot send " + name + ": " + result);
        }
    }

    /** Waits for its end and for all that it printed. */
    Result await() throws Exception {
        return await(Polling.LIMIT);
    }

    /** The same, for a process that may take long. */
    Result await(Duration limit) throws Exception {
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "has not ended: " + process.info().commandLine().orElse("") + "\n" + printed());
        }
        Polling.until(this::printed, printed -> out.isComplete() && err.isComplete(), "its output is held open");
        return new Result(process.exitValue(), out.text(), err.text());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String printed() {
        return out + "\n" + err;
    }

    @Override
    public void close() {
        kill(process.toHandle());
    }

    /** Kills {@code process} if it lives, and what it started. */
    static void kill(ProcessHandle process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        LIVING.remove(process);
    }

    /** What a process prints to one of its streams. */
    static final class Output {
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private boolean complete;

        private Output(String name, Reader reader, Predicate<String> enough) {
            this.name = name;
            Thread thread = new Thread(() -> read(reader, enough), name);
            thread.setDaemon(true);
            thread.start();
        }

        private void read(Reader reader, Predicate<String> enough) {
            char[] buffer = new char[8192];
            try {
                int length = reader.read(buffer);
                while (length >= 0 && !enough.test(append(buffer, length))) {
                    length = reader.read(buffer);
                }
            } catch (IOException e) {
                // The process was killed.
            }
            synchronized (this) {
                complete = true;
            }
        }

        /** Returns what was appended, since scanning all the text each time would take long. */
        private synchronized String append(char[] buffer, int length) {
            text.append(buffer, 0, length);
            return new String(buffer, 0, length);
        }

        synchronized boolean isComplete() {
            return complete;
        }

        synchronized String text() {
            return text.toString();
        }

        /** The lines so far that are complete. */
        List<String> lines() {
            String all = text();
            return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
        }

        /** Waits for a line that contains {@code part}. */
        String await(String part) throws Exception {
            Polling.until(this::text, text -> find(part).isPresent(), "no line with '" + part + "' on " + name);
            return find(part).orElseThrow();
        }

        private Optional<String> find(String part) {
            return lines().stream().filter(line -> line.contains(part)).findFirst();
        }

        @Override
        public String toString() {
            return name + ":\n" + text();
        }
    }

    /** What to start, and how. */
    static final class Builder {
        private final List<String> command;
        private final Map<String, String> environment = new HashMap<>();
        private ProcessBuilder.Redirect input = ProcessBuilder.Redirect.from(new File("/dev/null"));
        private Predicate<String> enough = text -> false;

        private Builder(List<String> command) {
            this.command = new ArrayList<>(command);
        }

        /** Appends {@code words} to the command. */
        Builder append(String... words) {
            command.addAll(List.of(words));
            return this;
        }

        /** Puts {@code words} in front of the command: {@code setpriv --reuid 65534}. */
        Builder prefix(String... words) {
            command.addAll(0, List.of(words));
            return this;
        }

        /** Lets a shell run the command as {@code "$@"}: {@code ulimit -n 64; exec "$@"}. */
        Builder shell(String script) {
            return prefix("bash", "-c", script, "bash");
        }

        /** Lets it obey SIGINT, which it would ignore if these tests ran in the background; macOS cannot undo that. */
        Builder obeyingInterrupts() {
            return System.getProperty("os.name").startsWith("Mac") ? this : prefix("env", "--default-signal=INT");
        }

        Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Where standard input comes from; {@code /dev/null} if not said. */
        Builder input(Path file) {
            this.input = ProcessBuilder.Redirect.from(file.toFile());
            return this;
        }

        /** Reads no more of standard output once {@code text} has come, though the pipe stays open. */
        Builder readOutputUpTo(String text) {
            this.enough = read -> read.contains(text);
            return this;
        }

        Child start() throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command).redirectInput(input);
            Map<String, String> variables = builder.environment();
            variables.keySet().removeIf(Builder::isSetting);
            variables.put("LC_ALL", "C");
            variables.put("INPUTRC", "/dev/null");
            variables.putAll(environment);
            return new Child(builder.start(), enough);
        }

        /** The settings of the user who runs the tests must not change their results. {@link #OF_THE_BUILD} are not the user's. */
        private static boolean isSetting(String variable) {
            return JVM_SETTINGS.contains(variable)
                    || variable.equals("NO_COLOR")
                    || (variable.startsWith("SOCKETZ_") && !OF_THE_BUILD.contains(variable));
        }

        /** Starts it and waits for its end. */
        Result run() throws Exception {
            return run(Polling.LIMIT);
        }

        /** The same, for a process that may take long. */
        Result run(Duration limit) throws Exception {
            try (Child child = start()) {
                return child.await(limit);
            }
        }
    }
}
