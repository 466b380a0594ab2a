package io.socketz.server.cli;

import picocli.CommandLine.IVersionProvider;

/** {@code socketz 0.1.0}, and the JVM it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"socketz " + (version == null ? "(not packaged)" : version) + ", Java " + Runtime.version()
        };
    }
}
