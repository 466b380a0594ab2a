package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BoundedBodyTest {
    private String result = "";

    private BoundedBody open(int limit) {
        return new BoundedBody(
                limit,
                (body, length, cut) -> now -> result = new String(body, 0, length, ISO_8859_1) + (cut ? " cut" : ""));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private String end(BoundedBody body) throws Exception {
        body.end().accept(0);
        return result;
    }

    @Test
    void aBodyIsEverythingThatArrived() throws Exception {
        BoundedBody body = open(6);
        for (String part : List.of("abc", "de", "f")) {
            assertThat(body.read(bytes(part))).isTrue();
        }

        assertThat(end(body)).isEqualTo("abcdef");
    }

    @Test
    void aBodyMayBeEmpty() throws Exception {
        assertThat(end(open(6))).isEmpty();
    }

    @Test
    void anOversizedBodyIsKeptUpToTheLimit() throws Exception {
        BoundedBody body = open(6);

        assertThat(body.read(bytes("abcd"))).isTrue();
        assertThat(body.read(bytes("efg"))).isFalse();

        assertThat(end(body)).isEqualTo("abcdef cut");
    }
}
