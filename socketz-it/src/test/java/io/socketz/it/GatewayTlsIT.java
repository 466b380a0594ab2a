package io.socketz.it;

/** An etcd that requires TLS, through the JSON gateway. */
final class GatewayTlsIT extends EtcdTlsContract {
    GatewayTlsIT() {
        super(Way.GATEWAY);
    }
}
