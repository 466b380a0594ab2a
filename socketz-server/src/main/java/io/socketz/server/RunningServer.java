package io.socketz.server;

import io.socketz.server.admin.AdminPort;
import io.socketz.server.session.Admission;
import io.socketz.server.session.Counters;
import io.socketz.server.session.Sessions;
import io.socketz.state.Member;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What {@link ServerStart} has started. */
record RunningServer(
        Member member,
        InetSocketAddress address,
        Optional<InetSocketAddress> agentAddress,
        Admission admission,
        Counters counters,
        MetricsReader metrics,
        PresenceFeed presence,
        Sessions sessions,
        ServerShutdown shutdown,
        Optional<AdminPort> admin) {
    /** The admin port is the last to end: until then it says how the rest ends. */
    void close() {
        shutdown.run(() -> admin.ifPresent(AdminPort::close));
    }
}
