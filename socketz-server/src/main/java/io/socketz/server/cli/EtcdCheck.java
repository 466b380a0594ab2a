package io.socketz.server.cli;

import io.socketz.protocol.time.TimeText;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.CallbackExecutor;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks each etcd for its revision, all at the same time: so address, certificates, user, password, the permission to read, and
 * a leader are right. Nothing is written.
 */
final class EtcdCheck {
    /** Longer than a slow etcd takes; a server waits 2 s, and tries again. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** For each attempt, the transport takes another address of the host, such as {@code ::1} and {@code 127.0.0.1}. */
    private static final int ATTEMPTS = 4;

    private EtcdCheck() {}

    /**
     * Reports an answer or a failure for each etcd.
     *
     * @param patience how long to wait for all of them together
     */
    static void run(Cluster cluster, CheckReport report, Duration patience) throws InterruptedException {
        try (StateThread owner = new StateThread("socketz-check")) {
            List<Question> questions = cluster.etcd().endpoints().stream()
                    .map(endpoint -> new Question(cluster, endpoint, owner, patience))
                    .toList();
            questions.forEach(question -> owner.execute(question::ask));
            for (Question question : questions) {
                question.report(report);
            }
            questions.forEach(question -> owner.execute(question::close));
        }
    }

    /** What one etcd is asked. Owned by the owner of its transport. */
    private static final class Question implements EtcdTransport.Answer<Long> {
        private final URI endpoint;
        private final EtcdTransport transport;
        private final String key;

        /** Completed with what to report, once it is known. */
        private final CompletableFuture<Consumer<CheckReport>> outcome = new CompletableFuture<>();

        private int attempts;

        Question(Cluster cluster, URI endpoint, StateThread owner, Duration patience) {
            this.endpoint = endpoint;
            this.transport = cluster.transport(endpoint, callbacks(owner));
            this.key = cluster.settings().prefix() + "/v1/members/";
            outcome.completeOnTimeout(
                    report -> report.warning(absent(endpoint + ": no answer within " + TimeText.format(patience))),
                    patience.toNanos(),
                    TimeUnit.NANOSECONDS);
        }

        private static CallbackExecutor callbacks(StateThread owner) {
            return callback -> {
                try {
                    owner.execute(() -> callback.accept(System.nanoTime()));
                } catch (RejectedExecutionException e) {
                    // The check has ended.
                }
            };
        }

        void ask() {
            attempts++;
            transport.revision(key, this);
        }

        @Override
        public void onAnswer(long now, Long revision) {
            outcome.complete(report -> report.ok("--etcd: " + endpoint + " answers, at revision " + revision));
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            // By the second request, the transport knows that etcd wants no user.
            boolean again = failure.kind() == EtcdFailure.Kind.UNAVAILABLE || failure.isAuthenticationOff();
            if (again && attempts < ATTEMPTS) {
                ask();
            } else {
                outcome.complete(report -> reportFailure(failure, report));
            }
        }

        void close() {
            transport.close();
        }

        /** Waits for the outcome, on the thread that checks. */
        void report(CheckReport report) throws InterruptedException {
            try {
                outcome.get().accept(report);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e); // It never fails.
            }
        }
    }

    /** An etcd that does not answer keeps no server from starting. */
    private static String absent(String why) {
        return "--etcd: " + why + "; until it answers, a server serves from memory";
    }

    private static void reportFailure(EtcdFailure failure, CheckReport report) {
        String detail = EtcdConsole.printable(failure.detail());
        switch (failure.kind()) {
            case UNAVAILABLE, TIMEOUT -> report.warning(absent(detail));
            case BAD_CREDENTIALS -> report.error("--etcd-user: etcd refuses the user: " + detail);
            case UNTRUSTED -> report.error("--etcd-ca: etcd's certificate is not trusted: " + detail);
            case CLIENT_CERTIFICATE -> report.error("--etcd-cert: etcd refuses this server's certificate: " + detail);
            case NOT_ETCD -> report.error("--etcd: what answers is not etcd: " + detail);
            case REFUSED, LEASE_NOT_FOUND, COMPACTED -> report.error("--etcd: etcd refuses: " + detail);
        }
    }
}
