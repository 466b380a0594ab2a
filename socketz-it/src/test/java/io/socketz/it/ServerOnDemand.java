package io.socketz.it;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The server of the tests of a class, one after the other, which starts when it is first needed: not every test needs one. */
final class ServerOnDemand implements AfterEachCallback, AfterAllCallback {
    private @Nullable ServerProcess shared;

    /** That of the test that runs: its own, or the shared one; null before it is needed. */
    private @Nullable ServerProcess current;

    ServerProcess get() throws Exception {
        ServerProcess server = current;
        if (server == null) {
            server = ServerProcess.start();
            current = server;
        }
        return server;
    }

    /** For tests that neither harm their server nor see who else is or was there. */
    void share() throws Exception {
        if (shared == null) {
            shared = ServerProcess.start();
        }
        current = shared;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (current != null && current != shared) {
            current.close();
        }
        current = null;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (shared != null) {
            shared.close();
        }
    }
}
