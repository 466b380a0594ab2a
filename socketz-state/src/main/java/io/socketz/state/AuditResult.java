package io.socketz.state;

/**
 * What has come of a comparison of a server's clients with its keys in the store.
 *
 * @param found what was wrong, though nobody knew of it: what is being written anyway is not wrong
 * @param left what of it is still wrong
 * @param repaired how many keys that were wrong have been repaired since the server started, however that was noticed
 * @param pending how many keys are being written, or wait for that
 * @param clients how many clients the server has
 * @param revision of the store, at which its keys were compared; without a store, the roster's version
 */
public record AuditResult(Difference found, Difference left, long repaired, int pending, int clients, long revision) {
    /**
     * How two records of the same clients differ.
     *
     * @param missing how many clients have no key, or another one than they should have
     * @param ghosts how many keys have no client
     */
    public record Difference(int missing, int ghosts) {
        /** No difference. */
        public static final Difference NONE = new Difference(0, 0);

        /** Whether there is no difference. */
        public boolean isNone() {
            return missing == 0 && ghosts == 0;
        }

        /** This difference and another one. */
        public Difference plus(Difference other) {
            return new Difference(missing + other.missing, ghosts + other.ghosts);
        }
    }
}
