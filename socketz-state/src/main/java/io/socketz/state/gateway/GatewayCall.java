package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.gateway.AnswerReader.Decoder;

/** An exchange with one answer. */
final class GatewayCall<T> extends HttpExchange {
    private final Decoder<T> decoder;
    private final Answer<T> answer;

    GatewayCall(GatewayTransport transport, String path, byte[] body, Decoder<T> decoder, Answer<T> answer) {
        super(transport, path, body);
        this.decoder = decoder;
        this.answer = answer;
    }

    @Override
    ResponseBody body(int status, int of) {
        return new BoundedBody((body, length, cut) -> {
            T value = AnswerReader.read(status, body, length, cut, decoder);
            return now -> answer.onAnswer(now, value);
        });
    }

    @Override
    void onFailed(long now, EtcdFailure failure) {
        answer.onFailure(now, failure);
    }
}
