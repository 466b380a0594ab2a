package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.socketz.server.ListenException;
import io.socketz.server.SocketzServer;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** The exception and the advice when a server cannot listen. */
class ListenAdviceTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static ListenException failure(String host, int port) {
        return catchThrowableOfType(
                ListenException.class,
                () -> SocketzServer.builder().host(host).port(port).start());
    }

    @Test
    void aPortInUseIsReportedWithItsAddressAndItsCause() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
            int port = other.getLocalPort();
            ListenException failure = failure("127.0.0.1", port);
            assertThat(failure)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + port + ": ")
                    .hasCauseInstanceOf(BindException.class);
            assertThat(failure.port()).isEqualTo(ListenException.Port.CLIENTS);
            assertThat(failure.address()).isEqualTo(new InetSocketAddress(LOOPBACK, port));
            assertThat(ListenAdvice.of(failure, "localhost"))
                    .isEqualTo("port " + port + " is already in use: choose another with --port");
        }
    }

    @Test
    void aPortThatIsAlsoUsedForUdpIsReportedAsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK);
                DatagramSocket same = new DatagramSocket(other.getLocalPort(), LOOPBACK)) {
            int port = same.getLocalPort();
            assertThat(ListenAdvice.of(failure("127.0.0.1", port), "127.0.0.1"))
                    .isEqualTo("port " + port + " is already in use: choose another with --port");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNotReportedAsAPortInUse() {
        // Reserved for documentation (RFC 5737).
        ListenException failure = failure("192.0.2.1", 0);
        assertThat(failure).hasMessageStartingWith("cannot listen on 192.0.2.1:0: ");
        assertThat(ListenAdvice.of(failure, "another.machine"))
                .isEqualTo("'another.machine' is not an address of this machine: name another with --host");
    }
}
