package io.socketz.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The checkout under test, and the tools of this machine that drive it. */
final class Checkout {
    private static final Path HOME =
            Path.of(System.getProperty("socketz.home", "..")).toAbsolutePath().normalize();
    private static final String LAUNCHER = HOME.resolve("socketz").toString();

    /** On a fresh build, several JVMs of tests start at once, and wait for one of them to make the class archive. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static boolean prepared;

    private Checkout() {}

    /** Its folder. */
    static Path home() {
        return HOME;
    }

    /** The launcher's command line with {@code arguments}. */
    static List<String> socketz(String... arguments) throws Exception {
        prepare();
        List<String> command = new ArrayList<>();
        command.add(LAUNCHER);
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /**
     * Lets the launcher make its class archive now, so that this does not disturb the limits or the clock of a test.
     */
    private static synchronized void prepare() throws Exception {
        if (!prepared) {
            Child.Result result = Child.of(List.of(LAUNCHER, "--version")).run(PATIENCE);
            if (result.status() != 0) {
                throw new AssertionError("the launcher does not run: " + result);
            }
            prepared = true;
        }
    }

    /** Where a program is that these tests need; fails if it is not installed. */
    static String tool(String tool) {
        return Programs.require(tool, "./socketz verify does that");
    }
}
