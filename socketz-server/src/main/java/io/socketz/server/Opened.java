package io.socketz.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a start has opened so far: closed again, last first, unless the start succeeds. */
final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    <T extends AutoCloseable> T keep(T resource) {
        resources.push(resource);
        return resource;
    }

    /** The start has succeeded: from now on somebody else closes them. */
    void release() {
        resources.clear();
    }

    @Override
    public void close() {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                // The caller gets the reason why the start failed, which says more.
            }
        }
    }
}
