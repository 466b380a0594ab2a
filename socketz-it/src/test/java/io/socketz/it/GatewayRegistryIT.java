package io.socketz.it;

/** The contract of registries, by the JSON gateway. */
final class GatewayRegistryIT extends ReplicatedRegistryContract {
    GatewayRegistryIT() {
        super(Way.GATEWAY);
    }
}
