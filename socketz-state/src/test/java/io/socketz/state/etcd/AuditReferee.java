package io.socketz.state.etcd;

import io.socketz.state.AuditResult;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Checks what audits say while the watch brings all that happens: whatever is wrong in etcd then is being repaired already, so
 * nothing is found, whoever harms keys.
 */
final class AuditReferee {
    private final Consumer<String> counts;

    AuditReferee(Consumer<String> counts) {
        this.counts = counts;
    }

    /** @param isWell whether nothing was done to the server since it was asked, or for a while before */
    void onAnswer(SimulatedServer server, Optional<AuditResult> answer, boolean isWell) {
        AuditResult result = answer.orElse(null);
        if (result == null) {
            if (isWell) {
                throw new AssertionError(server.name() + ": no audit, and nothing was done to it");
            }
            counts.accept("audits without an answer");
            return;
        }
        if (!result.found().isNone() || !result.left().isNone()) {
            throw new AssertionError(server.name() + ": finds what the watch has shown: " + result);
        }
        if (server.isLive() && result.clients() != server.clients().size()) {
            throw new AssertionError(server.name() + ": counts its clients wrongly: " + result);
        }
        counts.accept("audits");
    }
}
