package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.address.IpLiteral;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisedAddressTest {
    private static SocketzServer.Builder builder() {
        return SocketzServer.builder().port(0).loops(1);
    }

    @Test
    void aServerAdvertisesTheAddressItListensOn() throws Exception {
        try (SocketzServer server = builder().host("127.0.0.1").start()) {
            assertThat(server.member().address()).isEqualTo(HostPort.format(server.address()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void aServerOnAllInterfacesAdvertisesAnAddressOfThisMachine(String host) throws Exception {
        try (SocketzServer server = builder().host(host).start()) {
            HostPort advertised = HostPort.parse(server.member().address());
            assertThat(advertised.port()).isEqualTo(server.address().getPort());
            InetAddress address = IpLiteral.parse(advertised.host()).orElseThrow();
            boolean alone = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .allMatch(any -> any.isLoopbackAddress() || any.isLinkLocalAddress());
            assertThat(address.isLoopbackAddress()).isFalse();
            assertThat(address.isAnyLocalAddress()).isEqualTo(alone);
            assertThat(alone || NetworkInterface.getByInetAddress(address) != null)
                    .isTrue();
        }
    }

    @Test
    void aServerAdvertisesTheConfiguredAddressWithoutLookingItUp() throws Exception {
        try (SocketzServer server =
                builder().advertise("no.such.host.invalid:5151").start()) {
            assertThat(server.member().address()).isEqualTo("no.such.host.invalid:5151");
        }
        try (SocketzServer server = builder().advertise("[2001:DB8:0::1]:5151").start()) {
            assertThat(server.member().address()).isEqualTo("[2001:db8::1]:5151");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "server01", "server01:", "server01:0", "0.0.0.0:5151", "[::]:5151", "a b:1"})
    void anAdvertisedAddressThatOthersCannotUseIsRefused(String address) {
        assertThatThrownBy(() -> builder().advertise(address)).isInstanceOf(IllegalArgumentException.class);
    }
}
