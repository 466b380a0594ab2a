package io.socketz.it;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;

/** A user with few rights, for tests of missing rights: root has them all. */
final class OtherUser {
    private static final String ID = "65534"; // nobody; the name may be unknown

    private static final String[] SETPRIV = {"setpriv", "--reuid", ID, "--regid", ID, "--clear-groups"};

    private OtherUser() {}

    /**
     * Runs {@code command} of the launcher as such a user if root runs the tests; skips the test if that is impossible.
     */
    static void runIfRoot(Child.Builder command) throws Exception {
        if (!Child.of(List.of("id", "-u")).run().out().equals("0\n")) {
            return;
        }
        assumeThat(Programs.find("setpriv")).as("can become another user").isPresent();
        Child.Result version =
                Child.of(Checkout.socketz("--version")).prefix(SETPRIV).run();
        assumeThat(version.status()).as("another user can read the checkout").isZero();
        command.prefix(SETPRIV);
    }
}
