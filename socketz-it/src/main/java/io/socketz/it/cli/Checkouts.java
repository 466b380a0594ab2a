package io.socketz.it.cli;

import io.socketz.it.TopologyException;
import java.nio.file.Path;

/** Where these sources are, which a topology runs. */
final class Checkouts {
    private Checkouts() {}

    /**
     * The folder of the checkout, as the launcher script says.
     *
     * @param command of which this is asked
     */
    static Path home(String command) {
        String home = System.getProperty("socketz.home");
        if (home == null) {
            throw new TopologyException("run it as ./socketz " + command + ", from a checkout");
        }
        return Path.of(home);
    }
}
