package io.socketz.server;

import io.socketz.protocol.request.CommandRow;
import io.socketz.server.audit.Audits;
import io.socketz.server.command.RequestCounter;
import io.socketz.server.event.ServerMetrics;
import io.socketz.server.event.ServerState;
import io.socketz.server.haproxy.Readiness;
import io.socketz.server.nio.Acceptor;
import io.socketz.server.nio.DescriptorUse;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.session.SessionContext;
import io.socketz.state.RegistryMetrics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/** Reads {@link ServerMetrics} from all who count, on the caller's thread: nobody else does anything for it. */
final class MetricsReader {
    private final List<EventLoop> loops;
    private final List<RequestCounter> requests;
    private final SessionContext context;
    private final Acceptor acceptor;
    private final Audits audits;
    private final Readiness readiness;
    private final BooleanSupplier rebalancing;
    private final DescriptorUse descriptors = new DescriptorUse();

    /**
     * A reader.
     *
     * @param requests of each loop
     * @param rebalancing whether clients are let go
     */
    MetricsReader(
            List<EventLoop> loops,
            List<RequestCounter> requests,
            SessionContext context,
            Acceptor acceptor,
            Audits audits,
            Readiness readiness,
            BooleanSupplier rebalancing) {
        this.loops = loops;
        this.requests = requests;
        this.context = context;
        this.acceptor = acceptor;
        this.audits = audits;
        this.readiness = readiness;
        this.rebalancing = rebalancing;
    }

    ServerState state() {
        return readiness.state(System.nanoTime());
    }

    ServerMetrics read() {
        RegistryMetrics registry = context.registry().metrics();
        return new ServerMetrics(
                state(),
                rebalancing.getAsBoolean(),
                connections(),
                requests(),
                traffic(),
                descriptors(),
                audits(registry.repaired()),
                registry);
    }

    private ServerMetrics.Connections connections() {
        return new ServerMetrics.Connections(
                context.admission().sockets(),
                context.admission().clients(),
                context.admission().maxConnections(),
                context.watches().watching(),
                context.counters().accepted(),
                Collections.unmodifiableMap(context.counters().closed()),
                context.counters().lifetimes(),
                context.counters().greetings());
    }

    private ServerMetrics.Requests requests() {
        Map<String, Long> commands = new LinkedHashMap<>();
        List<CommandRow> rows = context.commands().commands().rows();
        for (int i = 0; i < rows.size(); i++) {
            int place = i;
            commands.put(rows.get(i).words(), sum(requests, each -> each.commands(place)));
        }
        return new ServerMetrics.Requests(
                Collections.unmodifiableMap(commands),
                sum(requests, RequestCounter::badArguments),
                sum(requests, RequestCounter::invalid),
                sum(requests, RequestCounter::tooLong));
    }

    private ServerMetrics.Traffic traffic() {
        return new ServerMetrics.Traffic(
                sum(loops, EventLoop::receivedBytes),
                sum(loops, EventLoop::sentBytes),
                context.memory().bytes(),
                context.memory().max());
    }

    private ServerMetrics.Descriptors descriptors() {
        DescriptorUse.Count count = descriptors.count(System.nanoTime());
        return new ServerMetrics.Descriptors(count.open(), count.max(), acceptor.shortages(), acceptor.pauses());
    }

    private ServerMetrics.Audits audits(long repairedKeys) {
        return new ServerMetrics.Audits(
                audits.made(), audits.failed(), audits.missing(), audits.ghosts(), audits.repaired() + repairedKeys);
    }

    private static <T> long sum(List<T> counters, ToLongFunction<T> count) {
        return counters.stream().mapToLong(count).sum();
    }
}
