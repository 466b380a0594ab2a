package io.socketz.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./socketz serve} on a free port, as a process. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on (.+):(\\d+) as (.+), id ([-0-9a-f]{36})\\W");

    private final Child child;
    private final Matcher listening;

    private ServerProcess(Child child) throws Exception {
        this.child = child;
        String printed = Polling.until(
                child::printed,
                text -> LISTENING.matcher(text).find() || !child.isAlive(),
                "the server does not listen");
        this.listening = LISTENING.matcher(printed);
        if (!listening.find()) {
            throw new AssertionError("the server has ended:\n" + printed);
        }
    }

    /** A server with these options, started. */
    static ServerProcess start(String... options) throws Exception {
        return start(command(options));
    }

    /** The command line of a server, for a special start. */
    static Child.Builder command(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("serve", "-p", "0"));
        arguments.addAll(List.of(options));
        return Child.of(Checkout.socketz(arguments.toArray(String[]::new)));
    }

    /** Starts {@code command}, and returns once it listens. */
    static ServerProcess start(Child.Builder command) throws Exception {
        Child child = command.start();
        try {
            return new ServerProcess(child);
        } catch (AssertionError | Exception e) {
            child.close();
            throw e;
        }
    }

    String host() {
        return listening.group(1);
    }

    int port() {
        return Integer.parseInt(listening.group(2));
    }

    /** The port for agent checks, if it has one. */
    int agentPort() throws Exception {
        String line = awaitLine("answering agent checks on ");
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    String name() {
        return listening.group(3);
    }

    String id() {
        return listening.group(4);
    }

    Child process() {
        return child;
    }

    /** Waits for a line with {@code part} on its console. */
    String awaitLine(String part) throws Exception {
        return child.out().await(part);
    }

    /** Waits for a line with {@code part} among its warnings. */
    String awaitWarning(String part) throws Exception {
        return child.err().await(part);
    }

    /** The processor time that it uses during the next {@code time}, on all processors together. */
    Duration cpuTimeDuring(Duration time) throws InterruptedException {
        Duration before = cpuTime();
        Thread.sleep(time.toMillis());
        return cpuTime().minus(before);
    }

    private Duration cpuTime() {
        return child.handle().info().totalCpuDuration().orElseThrow();
    }

    /** Stops it gracefully. */
    Child.Result stop() throws Exception {
        child.signal("TERM");
        return child.await();
    }

    @Override
    public void close() {
        child.close();
    }
}
