package io.socketz.it;

/** What two servers promise each other, one through jetcd, the other through the gateway. */
final class MixedTwoServersIT extends ReplicatedTwoServersContract {
    MixedTwoServersIT() {
        super(Way.JETCD, Way.GATEWAY);
    }
}
