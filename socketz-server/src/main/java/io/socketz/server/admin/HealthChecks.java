package io.socketz.server.admin;

import io.socketz.server.event.ServerMetrics;
import io.socketz.server.event.ServerState;
import io.socketz.server.nio.EventLoop;
import io.socketz.state.RegistryMetrics.StoreMetrics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Whether the server lives, and whether it should get clients. An answer is one line; with {@code ?verbose}, a line for
 * each check comes before it: {@code [+]} if it is well, {@code [!]} if people should know, {@code [-]} if it fails.
 */
final class HealthChecks {
    private static final List<String> PARAMETERS = List.of("verbose");

    /** A loop that needs longer for its turn keeps clients waiting as long. */
    private static final long LOOP_TIMEOUT_MILLIS = 2000;

    private final AdminSource source;

    HealthChecks(AdminSource source) {
        this.source = source;
    }

    /** {@code /livez}: 503 if an event loop does not answer: then only a restart helps. */
    HttpResponse live(QueryParameters query) throws BadRequestException {
        query.allow(PARAMETERS);
        boolean verbose = query.flag("verbose");
        int answering = answeringLoops();
        int all = source.loops().size();
        boolean well = answering == all;
        String loops = answering + " of " + all + " event loops answer";
        return well
                ? HttpResponse.text(200, (verbose ? "[+]" + loops + "\n" : "") + "live")
                : HttpResponse.text(503, (verbose ? "[-]" + loops + "\n" : "") + "not live: " + loops);
    }

    private int answeringLoops() {
        List<EventLoop> loops = source.loops();
        // When the server stops, they end one after the other, and then it leaves the cluster.
        boolean mayEnd = source.metrics().get().state() == ServerState.DRAINING;
        List<CompletableFuture<Void>> turns =
                loops.stream().map(loop -> turn(loop, mayEnd)).toList();
        try {
            CompletableFuture.allOf(turns.toArray(CompletableFuture<?>[]::new))
                    .get(LOOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Those that have not answered are counted.
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn does not fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return (int) IntStream.range(0, loops.size())
                .filter(i -> turns.get(i).isDone() || (mayEnd && loops.get(i).hasEnded()))
                .count();
    }

    private static CompletableFuture<Void> turn(EventLoop loop, boolean mayEnd) {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        if (mayEnd && loop.hasEnded()) {
            turn.complete(null);
        } else {
            loop.execute(() -> turn.complete(null));
        }
        return turn;
    }

    /** {@code /readyz}: 503 while the server starts or drains. It is ready without etcd, too, since it serves. */
    HttpResponse ready(QueryParameters query) throws BadRequestException {
        query.allow(PARAMETERS);
        ServerMetrics metrics = source.metrics().get();
        String store = store(metrics.registry().store());
        ServerState state = metrics.state();
        String checks = query.flag("verbose")
                ? (state == ServerState.READY ? "[+]" : "[-]") + words(state) + "\n" + store + "\n"
                : "";
        return switch (state) {
            case READY ->
                HttpResponse.text(
                        200, checks + "ready" + remark(metrics.registry().store()));
            case STARTING, DRAINING -> HttpResponse.text(503, checks + "not ready: " + words(state));
        };
    }

    private static String words(ServerState state) {
        return switch (state) {
            case STARTING -> "starting: the server does not know yet who is connected to the others";
            case READY -> "takes clients";
            case DRAINING -> "draining: the server is stopping";
        };
    }

    private static String store(Optional<StoreMetrics> store) {
        if (store.isEmpty()) {
            return "[+]no etcd is used";
        }
        return store.get().up() ? "[+]etcd answers" : "[!]" + silence(store.get());
    }

    private static String remark(Optional<StoreMetrics> store) {
        return store.filter(each -> !each.up())
                .map(each -> ", but " + silence(each) + ": serving from memory")
                .orElse("");
    }

    private static String silence(StoreMetrics store) {
        return "no etcd for " + (long) store.downSeconds() + " s";
    }
}
