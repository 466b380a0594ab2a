package io.socketz.state;

/**
 * Opens the registry of one server, when that server starts.
 *
 * <p>A program that embeds a server picks a factory and hands it over, for example {@code EtcdRegistry.factory(...)}, or
 * names a cluster; it never calls one. Only a program that brings a registry of its own implements this.
 */
@FunctionalInterface
public interface RegistryFactory {
    /**
     * Opens a registry. Does not wait for anything outside this process.
     *
     * @param self the server that the registry is for
     * @param state owns what the registry holds; stays open when the registry is closed
     */
    Registry open(Member self, StateThread state);
}
