package io.socketz.state.gateway;

import io.socketz.state.etcd.EtcdFailure;
import io.socketz.state.etcd.EtcdTransport.Answer;
import io.socketz.state.gateway.ReplyReader.Decoder;
import java.util.function.LongConsumer;

/** An exchange that has one answer. */
final class Question<T> extends HttpExchange {
    private final Decoder<T> decoder;
    private final Answer<T> answer;

    Question(
            GatewayTransport transport,
            String path,
            byte[] body,
            String badRequest,
            Decoder<T> decoder,
            Answer<T> answer) {
        super(transport, path, body, badRequest);
        this.decoder = decoder;
        this.answer = answer;
    }

    @Override
    LongConsumer decode(int status, byte[] content) throws Exception {
        T value = ReplyReader.read(status, content, decoder);
        return now -> answer.onAnswer(now, value);
    }

    @Override
    void onFailed(long now, EtcdFailure failure) {
        answer.onFailure(now, failure);
    }
}
