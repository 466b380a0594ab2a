package io.socketz.it;

/** The contract of registries, through jetcd. */
final class JetcdRegistryIT extends ReplicatedRegistryContract {
    JetcdRegistryIT() {
        super(Way.JETCD);
    }
}
