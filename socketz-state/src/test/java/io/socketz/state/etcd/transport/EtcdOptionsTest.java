package io.socketz.state.etcd.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EtcdOptionsTest {
    private static final URI GOOD = URI.create("http://etcd:2379");

    @ParameterizedTest
    @ValueSource(
            strings = {"http://root:correct@etcd:2379", "https://root@etcd", "http://root:correct@etcd_1", "http://@a"})
    void aUserInAnEndpointIsRejectedAndNotShown(String endpoint) {
        assertThatThrownBy(() -> EtcdOptions.of(List.of(GOOD, URI.create(endpoint))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an endpoint must not contain a user: give user and password separately");
    }

    @Test
    void atLeastOneEndpointIsNeeded() {
        assertThatThrownBy(() -> EtcdOptions.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no endpoints");
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd", "etcd:2379", "ftp://etcd", "//etcd"})
    void anEndpointIsHttpOrHttps(String endpoint) {
        assertThatThrownBy(() -> EtcdOptions.of(List.of(GOOD, URI.create(endpoint))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(endpoint + " is neither http:// nor https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http:/etcd", "http://:2379", "http:etcd"})
    void anEndpointHasAHost(String endpoint) {
        assertThatThrownBy(() -> EtcdOptions.of(List.of(GOOD, URI.create(endpoint))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(endpoint + " has no host");
    }

    @Test
    void thePasswordIsNotShown() {
        assertThat(new EtcdOptions(List.of(GOOD), "root", "correct", null, null, null))
                .hasToString("EtcdOptions[endpoints=[http://etcd:2379], user=root]");
    }
}
