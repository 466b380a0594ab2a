package io.socketz.it;

/** What two servers promise each other, both through jetcd. */
final class JetcdTwoServersIT extends ReplicatedTwoServersContract {
    JetcdTwoServersIT() {
        super(Way.JETCD, Way.JETCD);
    }
}
