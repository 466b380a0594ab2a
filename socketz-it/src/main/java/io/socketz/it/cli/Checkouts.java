package io.socketz.it.cli;

import io.socketz.it.TopologyException;
import java.nio.file.Path;

/** Finds the checkout whose programs a topology runs. */
final class Checkouts {
    private Checkouts() {}

    /**
     * The folder of the checkout, from the launcher script.
     *
     * @param command that needs it
     */
    static Path home(String command) {
        String home = System.getProperty("socketz.home");
        if (home == null) {
            throw new TopologyException("run it as ./socketz " + command + ", from a checkout");
        }
        return Path.of(home);
    }
}
