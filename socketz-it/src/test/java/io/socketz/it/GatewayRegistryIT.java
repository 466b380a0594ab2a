package io.socketz.it;

/** The contract of registries, through the JSON gateway. */
final class GatewayRegistryIT extends ReplicatedRegistryContract {
    GatewayRegistryIT() {
        super(Way.GATEWAY);
    }
}
