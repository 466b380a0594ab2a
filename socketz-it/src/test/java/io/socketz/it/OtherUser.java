package io.socketz.it;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;

/** A user who may do little, for tests of what needs rights: root would have them. */
final class OtherUser {
    private static final String ID = "65534"; // nobody, and nobody has to know that name

    private static final String[] SETPRIV = {"setpriv", "--reuid", ID, "--regid", ID, "--clear-groups"};

    private OtherUser() {}

    /** Lets {@code command}, of the launcher, be run by one if root runs the tests; skips the test where that can not be. */
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
