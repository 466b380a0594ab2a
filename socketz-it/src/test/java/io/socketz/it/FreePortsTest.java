package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class FreePortsTest {
    private static InetSocketAddress address(int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aTakenPortIsForItsUserAndNoOtherHarness() throws Exception {
        int port = FreePorts.take(1).get(0);
        for (int start = 0; start < 2; start++) {
            try (Socket other = new Socket()) {
                other.setReuseAddress(false);
                assertThatThrownBy(() -> other.bind(address(port))).isInstanceOf(BindException.class);
            }
            try (Socket client = new Socket()) {
                assertThatThrownBy(() -> client.connect(address(port))).isInstanceOf(ConnectException.class);
            }
            try (ServerSocket user = new ServerSocket()) {
                user.setReuseAddress(true); // like etcd, HAProxy and our server
                user.bind(address(port));
                assertThat(FreePorts.isFree(port)).isFalse();
            }
        }
        assertThat(FreePorts.isFree(port)).isTrue();
    }
}
