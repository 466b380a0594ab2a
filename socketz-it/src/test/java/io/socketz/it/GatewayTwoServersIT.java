package io.socketz.it;

/** What two servers promise each other, both through the gateway. */
final class GatewayTwoServersIT extends ReplicatedTwoServersContract {
    GatewayTwoServersIT() {
        super(Way.GATEWAY, Way.GATEWAY);
    }
}
