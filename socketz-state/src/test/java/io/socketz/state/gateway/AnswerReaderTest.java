package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.gateway.AnswerReader.WatchMessage;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What etcd 3.4.23 answers, byte for byte, and what it never answers. */
final class AnswerReaderTest {
    private static <T> T read(String body, AnswerReader.Decoder<T> decoder) throws IOException, EtcdError {
        return read(200, body, decoder);
    }

    private static <T> T read(int status, String body, AnswerReader.Decoder<T> decoder) throws IOException, EtcdError {
        byte[] bytes = body.getBytes(UTF_8);
        return AnswerReader.read(status, bytes, bytes.length, false, decoder);
    }

    private static WatchMessage message(String line) throws IOException, EtcdError {
        return AnswerReader.watchMessage(line.getBytes(UTF_8), line.length());
    }

    private static EtcdError refusal(int status, String body) {
        return Objects.requireNonNull(
                catchThrowableOfType(EtcdError.class, () -> read(status, body, AnswerReader::revision)));
    }

    @Test
    void aGrantedLeaseHasAnIdOf64Bits() throws Exception {
        String body = """
                {"header":{"cluster_id":"15118495548433857066","member_id":"13668033151171901709",\
                "revision":"1","raft_term":"2"},"ID":"9223372036854775807","TTL":"5"}""";

        assertThat(read(body, AnswerReader::leaseId)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aKeepAliveAnswerWithoutATimeToLiveMeansTheLeaseIsGone() throws Exception {
        assertThat(read("{\"result\":{\"header\":{\"revision\":\"1\"},\"ID\":\"12\"}}\n", AnswerReader::timeToLive))
                .isZero();
        assertThat(read("{\"result\":{\"ID\":\"12\",\"TTL\":\"7\"}}\n", AnswerReader::timeToLive))
                .isEqualTo(7);
    }

    @Test
    void anEmptyKeepAliveAnswerDoesNotMeanTheLeaseIsLost() {
        assertThatThrownBy(() -> read("{}", AnswerReader::timeToLive)).isInstanceOf(NotEtcdException.class);
    }

    @Test
    void anErrorMessageWithinAStreamIsAnError() {
        String body = """
                {"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader",\
                "http_status":"Service Unavailable"}}""";

        EtcdError no = Objects.requireNonNull(
                catchThrowableOfType(EtcdError.class, () -> read(body, AnswerReader::timeToLive)));

        assertThat(no.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(no).hasMessage("etcdserver: no leader");
    }

    @Test
    void aTransactionThatWroteNothingSaysWhenTheKeyOfItsFenceWasSet() throws Exception {
        assertThat(read("{\"header\":{\"revision\":\"9\"},\"succeeded\":true}", AnswerReader::committed))
                .isEqualTo(new Committed(true, 9));
        String found = """
                {"header":{"revision":"9"},"responses":[\
                {"response_range":{"header":{"revision":"9"},"kvs":[{"key":"YQ==","mod_revision":"4"}],"count":"1"}}]}""";
        assertThat(read(found, AnswerReader::committed)).isEqualTo(new Committed(false, 4));
        String absent = """
                {"header":{"revision":"9"},"responses":[{"response_range":{"header":{"revision":"9"}}}]}""";
        assertThat(read(absent, AnswerReader::committed)).isEqualTo(new Committed(false, 0));
    }

    @Test
    void theRevisionComesFromTheHeaderAndNotFromNestedAnswers() throws Exception {
        String body = """
                {"header":{"revision":"7"},"succeeded":true,"responses":[\
                {"response_put":{"header":{"revision":"8"}}},\
                {"response_delete_range":{"header":{"revision":"9"},"deleted":"1","prev_kvs":[{"key":"YQ=="}]}}]}""";

        assertThat(read(body, AnswerReader::committed)).isEqualTo(new Committed(true, 7));
    }

    @Test
    void entriesOfAPageMayOmitFieldsThatAreZero() throws Exception {
        String body = """
                {"header":{"revision":"9"},"kvs":[\
                {"key":"YQ==","create_revision":"2","mod_revision":"3","version":"2","value":"/wA=","lease":"77"},\
                {"key":"w6T/","mod_revision":"4"}],"more":true,"count":"3"}""";

        RangePage page = read(body, AnswerReader::page);

        assertThat(page.revision()).isEqualTo(9);
        assertThat(page.more()).isTrue();
        assertThat(page.entries()).hasSize(2);
        KeyValue first = page.entries().get(0);
        assertThat(first.key()).isEqualTo("a");
        assertThat(first.value()).containsExactly(255, 0);
        assertThat(first.lease()).isEqualTo(77);
        assertThat(first.revision()).isEqualTo(3);
        KeyValue second = page.entries().get(1);
        assertThat(second.key()).isEqualTo("\303\244\377");
        assertThat(second.value()).isEmpty();
        assertThat(second.lease()).isZero();
        assertThat(second.revision()).isEqualTo(4);
    }

    @Test
    void anEmptyPageHasNeitherEntriesNorACount() throws Exception {
        RangePage page = read("{\"header\":{\"revision\":\"9\"}}", AnswerReader::page);

        assertThat(page.entries()).isEmpty();
        assertThat(page.more()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "17",
                "{}",
                "{\"header\":{}}",
                "{\"header\":\"x\"}",
                "{\"header\":{\"revision\":\"x\"}}",
                "{\"header\":{\"revision\":null}}",
                "{\"header\":{\"revision\":\"9\"}",
                "{\"header\":{\"revision\":\"9\"},\"kvs\":{}}",
                "{\"header\":{\"revision\":\"9\"},\"kvs\":[17]}",
                "{\"header\":{\"revision\":\"9\"},\"kvs\":[{\"key\":\"*\"}]}",
                "{\"header\":{\"revision\":\"9\"},\"kvs\":[{\"key\":5}]}",
                "<html>"
            })
    void anAnswerThatIsNotAPageIsNotEtcd(String body) {
        assertThatThrownBy(() -> read(body, AnswerReader::page)).isInstanceOf(NotEtcdException.class);
    }

    @Test
    void noPrefixOfAPageIsAccepted() {
        String body = "{\"header\":{\"revision\":\"9\"},\"kvs\":[{\"key\":\"YQ==\",\"value\":\"YQ==\"}],\"more\":true}";

        for (int length = 0; length < body.length(); length++) {
            String half = body.substring(0, length);
            assertThatThrownBy(() -> read(half, AnswerReader::page)).isInstanceOf(NotEtcdException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | 5 | etcdserver: requested lease not found | LEASE_NOT_FOUND",
                "400 | 11 | etcdserver: mvcc: required revision has been compacted | COMPACTED",
                "400 | 3 | etcdserver: authentication failed, invalid user ID or password | BAD_CREDENTIALS",
                "400 | 3 | etcdserver: user name is empty | BAD_CREDENTIALS",
                "403 | 7 | etcdserver: permission denied | BAD_CREDENTIALS",
                "401 | 16 | etcdserver: invalid auth token | UNAVAILABLE",
                "503 | 14 | etcdserver: no leader | UNAVAILABLE",
                "503 | 14 | etcdserver: request timed out | UNAVAILABLE",
                "503 | 8 | etcdserver: too many requests | UNAVAILABLE",
                "429 | 8 | etcdserver: mvcc: database space exceeded | REFUSED",
            })
    void errorsReadTheSameFromEtcd34AndEtcd36(int status, int code, String words, Kind kind) {
        String in34 = "{\"error\":\"%s\",\"message\":\"%s\",\"code\":%d}".formatted(words, words, code);
        String in36 = "{\"code\":%d,\"message\":\"%s\",\"details\":[]}".formatted(code, words);
        String inOld = "{\"error\":\"%s\",\"code\":%d}".formatted(words, code);

        assertThat(refusal(status, in34)).hasMessage(words);
        assertThat(refusal(status, in34).kind()).isEqualTo(kind);
        assertThat(refusal(status, in36)).hasMessage(words);
        assertThat(refusal(status, in36).kind()).isEqualTo(kind);
        assertThat(refusal(status, inOld)).hasMessage(words);
        assertThat(refusal(status, inOld).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | Not Found | HTTP status 404, not from etcd: Not Found",
                "302 | '' | HTTP status 302, not from etcd",
                "400 | {\"code\":400,\"message\":\"bad\"} | "
                        + "HTTP status 400, not from etcd: {\"code\":400,\"message\":\"bad\"}",
                "500 | {\"error\":\"bad\"} | HTTP status 500, not from etcd: {\"error\":\"bad\"}",
            })
    void anErrorFromAnotherServiceIsNotEtcd(int status, String body, String message) {
        assertThatThrownBy(() -> read(status, body, AnswerReader::revision))
                .isInstanceOf(NotEtcdException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void aBalancerThatReachesNoEtcdMeansUnavailable(int status) {
        assertThatThrownBy(() -> read(status, "<html>\r\n", AnswerReader::revision))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NotEtcdException.class)
                .hasMessage("HTTP status " + status + ", not from etcd: <html>");
    }

    @Test
    void aForeignAnswerIsQuotedShortlyAndWithoutControlCharacters() {
        byte[] body = ("a\tb\033c" + "x".repeat(1000)).getBytes(UTF_8);

        assertThat(AnswerReader.quoted(body, body.length)).isEqualTo(": a b c" + "x".repeat(75));
    }

    @Test
    void aWatchMessageHoldsThePutsAndDeletesOfAllItsEvents() throws Exception {
        WatchMessage message = message("""
                {"result":{"header":{"revision":"8"},"events":[\
                {"kv":{"key":"YQ==","create_revision":"2","mod_revision":"3","version":"2","value":"Yg==","lease":"5"}},\
                {"type":"PUT","kv":{"key":"Yg==","mod_revision":"7"}},\
                {"kv":{"mod_revision":"8","key":"Yg=="},"type":"DELETE"}]}}""");

        assertThat(message.created()).isFalse();
        assertThat(message.canceled()).isFalse();
        assertThat(message.events()).extracting(WatchEvent::key).containsExactly("a", "b", "b");
        assertThat(message.events()).extracting(WatchEvent::revision).containsExactly(3L, 7L, 8L);
        KeyValue put = Objects.requireNonNull(message.events().get(0).put());
        assertThat(new String(put.value(), ISO_8859_1)).isEqualTo("b");
        assertThat(put.lease()).isEqualTo(5);
        assertThat(message.events().get(1).put()).isNotNull();
        assertThat(message.events().get(2).put()).isNull();
    }

    @Test
    void aLastWatchMessageSaysWhyTheWatchEnds() throws Exception {
        WatchMessage compacted = message("{\"result\":{\"canceled\":true,\"compact_revision\":\"3\"}}");
        assertThat(compacted.canceled()).isTrue();
        assertThat(compacted.compactRevision()).isEqualTo(3);

        WatchMessage refused = message(
                "{\"result\":{\"watch_id\":\"-1\",\"created\":true,\"canceled\":true,\"cancel_reason\":\"why\"}}");
        assertThat(refused.canceled()).isTrue();
        assertThat(refused.cancelReason()).isEqualTo("why");
    }

    @Test
    void aWatchMessageMayHaveNoFields() throws Exception {
        assertThat(message("{\"result\":{\"header\":{\"revision\":\"8\"}}}").events())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"foo\":1}",
                "{\"result\":17}",
                "{\"result\":{\"events\":[{}]}}",
                "{\"result\":{\"events\":[{\"kv\":{\"key\":\"YQ==\"",
                "<html>"
            })
    void aLineThatIsNotAWatchMessageIsNotEtcd(String line) {
        assertThatThrownBy(() -> message(line)).isInstanceOf(NotEtcdException.class);
    }

    private static final String PAGE = "{\"header\":{\"revision\":\"7\"},\"kvs\":["
            + "{\"key\":\"YQ==\",\"mod_revision\":\"5\",\"value\":\"eA==\",\"lease\":\"9\"},"
            + "{\"key\":\"Yg==\",\"mod_revision\":\"6\",\"value\":\"eXl5\"}],\"count\":\"2\"}\n";

    private static RangePage cut(int length) throws IOException, EtcdError {
        return AnswerReader.read(200, PAGE.getBytes(UTF_8), length, true, AnswerReader::page);
    }

    @Test
    void aCutPageHoldsItsCompleteEntriesWhereverItIsCut() throws Exception {
        int first = PAGE.indexOf("},{\"key");
        int second = PAGE.indexOf("}],");
        for (int length = first + 1; length < PAGE.length(); length++) {
            RangePage page = cut(length);
            assertThat(page.entries())
                    .extracting(KeyValue::key)
                    .containsExactlyElementsOf(length <= second ? List.of("a") : List.of("a", "b"));
            assertThat(page.entries().get(0).value()).isEqualTo("x".getBytes(UTF_8));
            assertThat(page.revision()).isEqualTo(7);
            assertThat(page.more()).isEqualTo(length < PAGE.length() - 1);
        }
    }

    @Test
    void aPageCutInItsFirstEntryHoldsThatKey() throws Exception {
        int key = PAGE.indexOf("\"YQ==\"") + 6;
        for (int length = key; length <= PAGE.indexOf("},{\"key"); length++) {
            RangePage page = cut(length);
            assertThat(page.entries()).extracting(KeyValue::key).containsExactly("a");
            assertThat(page.more()).isTrue();
        }
    }

    @Test
    void aPageCutBeforeItsFirstKeyIsRejected() {
        for (int length = 0; length < PAGE.indexOf("\"YQ==\"") + 6; length++) {
            int end = length;
            assertThatThrownBy(() -> cut(end)).isInstanceOf(NotEtcdException.class);
        }
    }
}
