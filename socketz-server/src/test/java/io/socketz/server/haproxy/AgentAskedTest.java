package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.ForwardingRegistry;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.SpareDescriptors;
import io.socketz.server.session.Admission;
import io.socketz.state.Member;
import io.socketz.state.StateThread;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentAskedTest {
    /** The loop does not run, so its time stays at 0. */
    @Test
    void theAgentRemembersWhenItWasLastAsked() throws Exception {
        EventLoop loop = new EventLoop("socketz-test", ServerListener.NONE);
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        StateThread state = new StateThread("socketz-state");
        Member self = new Member(new UUID(0, 1), "server01", "127.0.0.1:5151", Instant.EPOCH);
        Readiness ready = new Readiness(new ForwardingRegistry(self, state), 0);
        AgentPort agent = new AgentPort(
                channel, new SpareDescriptors(0), List.of(loop), new Admission(1, 1, 0), ready, ServerListener.NONE);
        try (Socket peer = new Socket()) {
            agent.onReady();
            assertThat(agent.isAskedWithin(10, 0)).as("no peer has connected").isFalse();
            peer.connect(channel.getLocalAddress());
            agent.onReady();
            assertThat(agent.isAskedWithin(10, 9)).isTrue();
            assertThat(agent.isAskedWithin(10, 10)).isFalse();
        } finally {
            agent.abort(CloseReason.SERVER_STOPPING, "");
            loop.discard();
            state.close();
        }
    }
}
