package io.socketz.it;

import java.nio.file.Files;
import java.nio.file.Path;

/** What a topology takes from the folder that the launcher names: a checkout that is built, or an installation. */
public final class Home {
    private Home() {}

    /** The launcher script. */
    public static String launcher(Path home) {
        return home.resolve(isCheckout(home) ? "socketz" : "bin/socketz").toString();
    }

    static String haproxyConfiguration(Path home) {
        return home.resolve(isCheckout(home) ? "infra/haproxy/haproxy.cfg" : "haproxy/haproxy.cfg")
                .toString();
    }

    private static boolean isCheckout(Path home) {
        return Files.exists(home.resolve("pom.xml"));
    }
}
