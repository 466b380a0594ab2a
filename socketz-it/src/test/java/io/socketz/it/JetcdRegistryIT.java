package io.socketz.it;

/** The contract of registries, by jetcd. */
final class JetcdRegistryIT extends ReplicatedRegistryContract {
    JetcdRegistryIT() {
        super(Way.JETCD);
    }
}
