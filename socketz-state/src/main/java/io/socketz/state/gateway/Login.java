package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.EtcdFailure;

/** Requests a token, which the other exchanges are sent with. */
final class Login extends HttpExchange {
    Login(GatewayTransport transport, String user, String password) {
        super(transport, "/v3/auth/authenticate", RequestBody.authenticate(user, password));
    }

    @Override
    boolean isShort() {
        return false; // the others wait for it
    }

    @Override
    ResponseBody body(int status, int of) {
        return new BoundedBody((body, length, cut) -> {
            String token = AnswerReader.read(status, body, length, cut, AnswerReader::token);
            return now -> transport.onToken(token);
        });
    }

    @Override
    boolean recover(EtcdError no) {
        if (no.isAuthenticationOff()) {
            conclude();
            transport.onToken(""); // as etcdctl does: etcd needs no password
            return true;
        }
        return false;
    }

    @Override
    void onFailed(long now, EtcdFailure failure) {
        transport.onNoToken(now, failure);
    }
}
