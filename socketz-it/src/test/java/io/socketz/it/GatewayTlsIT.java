package io.socketz.it;

/** An etcd that wants TLS, by the JSON gateway. */
final class GatewayTlsIT extends EtcdTlsContract {
    GatewayTlsIT() {
        super(Way.GATEWAY);
    }
}
