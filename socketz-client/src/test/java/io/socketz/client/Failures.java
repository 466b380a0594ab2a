package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** How requests fail. */
final class Failures {
    /** Only a failure takes this long: a reply of 64 MiB takes 20 s on a busy machine. */
    private static final long PATIENCE_SECONDS = 60;

    private Failures() {}

    /** Waits for {@code future} to fail for {@code reason}. */
    static SocketzException expect(Future<?> future, SocketzException.Reason reason) throws Exception {
        try {
            throw new AssertionError("not failed, but " + future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SocketzException named) {
                assertThat(named.reason()).as(named.getMessage()).isEqualTo(reason);
                return named;
            }
            throw new AssertionError("failed for no named reason", e.getCause());
        }
    }
}
