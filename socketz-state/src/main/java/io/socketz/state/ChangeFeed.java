package io.socketz.state;

import java.util.List;
import java.util.Optional;

/** The changes of the whole cluster's roster, by revision. Owned by the registry's thread, which alone calls it. */
public interface ChangeFeed {
    /**
     * The roster at the last revision that listeners were told: by the store alone, this server's own clients included. So it
     * is equal on all servers at the same revision.
     */
    Roster state();

    /** All changes after {@code revision}, up to {@link #state}; empty if they are not all known any more. */
    Optional<List<Changes>> since(long revision);

    /** Tells {@code listener} of all changes from now on. */
    void listen(ChangeListener listener);
}
