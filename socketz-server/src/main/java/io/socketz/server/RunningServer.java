package io.socketz.server;

import io.socketz.server.session.Admission;
import io.socketz.server.session.Counters;
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
        ServerShutdown shutdown) {}
