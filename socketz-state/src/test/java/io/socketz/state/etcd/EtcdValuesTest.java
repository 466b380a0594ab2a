package io.socketz.state.etcd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.EtcdValues.Malformed;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the JSON of this test, {@code '} stands for {@code "}, unless stated otherwise. */
class EtcdValuesTest {
    private static final UUID SERVER = new UUID(1, 2);
    private static final long NOON = 1_769_860_800_000L;
    private static final String SINCE = "'since':'2026-01-31T12:00:00Z'";

    // ---------------------------------------------------------------- written and read

    @Test
    void aMemberIsWrittenAsSpecified() {
        Member member = new Member(SERVER, "server01", "10.0.0.11:5151", Instant.ofEpochMilli(NOON));
        assertThat(new String(EtcdValues.of(member), UTF_8))
                .isEqualTo("{\"name\":\"server01\",\"addr\":\"10.0.0.11:5151\",\"since\":\"2026-01-31T12:00:00Z\"}");
    }

    @Test
    void aClientIsWrittenAsSpecified() {
        Client proxied = new Client(SERVER, 1, "203.0.113.7:50814", "10.0.0.2:40022", NOON + 123);
        assertThat(new String(EtcdValues.of(proxied), UTF_8))
                .isEqualTo("{\"addr\":\"203.0.113.7:50814\",\"via\":\"10.0.0.2:40022\","
                        + "\"since\":\"2026-01-31T12:00:00.123Z\"}");
        Client direct = new Client(SERVER, 1, "[2001:db8::1]:50814", null, NOON);
        assertThat(new String(EtcdValues.of(direct), UTF_8))
                .isEqualTo("{\"addr\":\"[2001:db8::1]:50814\",\"since\":\"2026-01-31T12:00:00Z\"}");
    }

    @Test
    void aClientWithANameIsWrittenAndReadAsSpecified() throws Malformed {
        Client named = new Client(SERVER, 7, "203.0.113.7:50814", null, NOON, "alice");
        String json = "{\"name\":\"alice\",\"addr\":\"203.0.113.7:50814\",\"since\":\"2026-01-31T12:00:00Z\"}";
        assertThat(new String(EtcdValues.of(named), UTF_8)).isEqualTo(json);
        assertThat(client(json)).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "!#$%&()*+,-./:;<>?@[\\]^_`{|}~",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void anyAllowedNameOfAClientIsReadAsItWasWritten(String name) throws Malformed {
        Client client = new Client(SERVER, 7, "192.0.2.1:1", null, NOON, name);
        assertThat(read(EtcdValues.of(client))).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "two words",
                "a=b",
                "it\\u0027s",
                "\\\"",
                "\\n",
                "\\u0000",
                "\\u007f",
                "\\u0085",
                "Zo\u00eb",
                "\ud83d\ude80",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
            })
    void ofAClientWithANameThatIsNotAllowedTheNameAloneIsSkipped(String name) throws Malformed {
        AtomicInteger skipped = new AtomicInteger();
        byte[] value = ("{\"name\":\"" + name + "\",\"addr\":\"192.0.2.1:1\",\"since\":\"2026-01-31T12:00:00Z\"}")
                .getBytes(UTF_8);
        assertThat(EtcdValues.client(SERVER, 7, value, skipped::incrementAndGet))
                .isEqualTo(new Client(SERVER, 7, "192.0.2.1:1", null, NOON));
        assertThat(skipped).hasValue(1);
    }

    @Test
    void whyClientsLeftIsWrittenAndReadAsSpecified() throws Malformed {
        ClosedClients closed = new ClosedClients(Map.of(17L, new Closed("CLIENT_QUIT", NOON + 123)), true);
        String json = "{\"left\":[{\"number\":17,\"reason\":\"CLIENT_QUIT\",\"at\":\"2026-01-31T12:00:00.123Z\"}],"
                + "\"stopping\":true}";
        assertThat(new String(EtcdValues.of(closed), UTF_8)).isEqualTo(json);
        assertThat(EtcdValues.closed(utf8(json))).isEqualTo(closed);
        assertThat(EtcdValues.closed(utf8("{}"))).isEqualTo(ClosedClients.NONE);
        assertThat(EtcdValues.closed(utf8("{'x':[{}],'left':[{'y':{'reason':'NO'},'reason':'CLIENT_QUIT','number':17,"
                        + "'at':'2026-01-31T12:00:00.123Z'}],'stopping':true,'left2':7}")))
                .isEqualTo(closed);
    }

    @Test
    void theLongestReasonsOfACommitAreRead() throws Malformed {
        Map<Long, Closed> left = new HashMap<>();
        for (long number = 1; number <= 126; number++) {
            left.put(
                    999_999_999_999_999_000L + number - 900_000_000_000_000_000L, new Closed("X".repeat(64), NOON + 1));
        }
        ClosedClients closed = new ClosedClients(left, true);
        assertThat(EtcdValues.closed(EtcdValues.of(closed))).isEqualTo(closed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{'left':[17]}",
                "{'left':[{'number':0,'reason':'QUIT','at':'2026-01-31T12:00:00Z'}]}",
                "{'left':[{'number':'1','reason':'QUIT','at':'2026-01-31T12:00:00Z'}]}",
                "{'left':[{'number':99999999999999999999,'reason':'QUIT','at':'2026-01-31T12:00:00Z'}]}",
                "{'left':[{'number':1,'at':'2026-01-31T12:00:00Z'}]}",
                "{'left':[{'number':1,'reason':'quit it','at':'2026-01-31T12:00:00Z'}]}",
                "{'left':[{'number':1,'reason':'QUIT'}]}",
                "{'left':[{'number':1,'reason':'QUIT','at':'noon'}]}",
                "{'left':[{'number':1,'reason':'QUIT','at':'2026-01-31T12:00:00Z'}",
                "{'left':[]} x",
            })
    void anythingElseAboutClientsThatLeftIsMalformed(String json) {
        assertThatThrownBy(() -> EtcdValues.closed(utf8(json))).isInstanceOf(Malformed.class);
    }

    @Test
    void aMemberIsReadAsSpecified() throws Malformed {
        assertThat(member("{'name':'server01','addr':'10.0.0.11:5151','since':'2026-01-31T12:00:00Z'}"))
                .isEqualTo(new Member(SERVER, "server01", "10.0.0.11:5151", Instant.ofEpochMilli(NOON)));
    }

    @Test
    void aClientIsReadAsSpecified() throws Malformed {
        assertThat(client("{'addr':'203.0.113.7:50814','via':'10.0.0.2:40022','since':'2026-01-31T12:00:00.123Z'}"))
                .isEqualTo(new Client(SERVER, 7, "203.0.113.7:50814", "10.0.0.2:40022", NOON + 123));
        assertThat(client("{'addr':'[2001:db8::1]:50814','since':'2026-01-31T12:00:00Z'}"))
                .isEqualTo(new Client(SERVER, 7, "[2001:db8::1]:50814", null, NOON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server01", "", "Zo\u00eb's \"box\" \\ 1", "\u670d\u52a1\u5668", "\ud83d\ude80"})
    void anyNameIsReadAsItWasWritten(String name) throws Malformed {
        Member member = new Member(SERVER, name, "[::1]:5151", Instant.ofEpochMilli(NOON + 5));
        assertThat(EtcdValues.member(SERVER, EtcdValues.of(member))).isEqualTo(member);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, 999, 1_000, NOON + 7, NOON + 70, NOON + 700, 253_402_300_800_000L, -1, -62_167_219_200_001L})
    void anyTimeIsReadAsItWasWritten(long since) throws Malformed {
        Client client = new Client(SERVER, 7, "192.0.2.1:1", null, since);
        assertThat(read(EtcdValues.of(client))).isEqualTo(client);
    }

    // ---------------------------------------------------------------- what else is taken

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-31T12:00:00Z          | 0",
                "2026-01-31T12:00:00.0Z        | 0",
                "2026-01-31T12:00:00.1Z        | 100",
                "2026-01-31T12:00:00.120Z      | 120",
                "2026-01-31T12:00:00.123456Z   | 123",
                "2026-01-31T12:00:00.999999999Z| 999",
                "2026-01-31T13:00:00+01:00     | 0",
                "2026-01-31T12:00:01Z          | 1000",
                "2026-01-31T11:59:59.999Z      | -1",
            })
    void timesAreReadToTheMillisecond(String since, long afterNoon) throws Malformed {
        assertThat(client("{'addr':'192.0.2.1:1','since':'" + since + "'}").since())
                .isEqualTo(NOON + afterNoon);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'addr':'192.0.2.1:1',SINCE,'x':1}",
                "{'x':'y','addr':'192.0.2.1:1',SINCE}",
                "{'x':{'addr':'6.6.6.6:6','y':[{'since':1}]},'addr':'192.0.2.1:1',SINCE}",
                "{'addr':'192.0.2.1:1',SINCE,'x':[[],{},[{'addr':'6.6.6.6:6'}]]}",
                "{'addr':'192.0.2.1:1','x':null,'y':true,'z':-1.5e9,SINCE}",
                "{'addr':'192.0.2.1:1','via':null,SINCE}",
                "{'addr':'192.0.2.1:1','via':17,SINCE}",
                " \t\r\n{ 'addr' : '192.0.2.1:1' , SINCE } \n",
                "{'\\u0061ddr':'192.0.2.1\\u003a1',SINCE}",
            })
    void unknownFieldsAreSkipped(String json) throws Malformed {
        assertThat(client(json)).isEqualTo(new Client(SERVER, 7, "192.0.2.1:1", null, NOON));
    }

    @Test
    void theLastOfDuplicateFieldsCounts() throws Malformed {
        assertThat(client("{'addr':'6.6.6.6:6','addr':'192.0.2.1:1',SINCE}").address())
                .isEqualTo("192.0.2.1:1");
    }

    // ---------------------------------------------------------------- malformed, and why

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                      | no JSON object",
                "` `                                     | no JSON object",
                "null                                    | no JSON object",
                "42                                      | no JSON object",
                "'addr'                                  | no JSON object",
                "[]                                      | no JSON object",
                "[{'addr':'192.0.2.1:1',SINCE}]          | no JSON object",
                "hello                                   | no JSON",
                "{                                       | no JSON",
                "{'addr'                                 | no JSON",
                "{'addr':                                | no JSON",
                "{'addr':'192.0.2.1:1'                   | no JSON",
                "{'addr':'192.0.2.1:1',SINCE             | no JSON",
                "{'addr':'192.0.2.1:1',SINCE,}           | no JSON",
                "{'addr':'192.0.2.1:1' SINCE}            | no JSON",
                "{'addr':'192.0.2.1:1',SINCE]            | no JSON",
                "{'addr':'192.0.2.1:1',SINCE,'x':[1}     | no JSON",
                "{addr:'192.0.2.1:1',SINCE}              | no JSON",
                "{'addr':'192.0.2.1:1',SINCE}}           | no JSON",
                "{'addr':'192.0.2.1:1',SINCE} x          | no JSON",
                "{'addr':'192.0.2.1:1',SINCE} {}         | more than a JSON object",
                "{'addr':'192.0.2.1:1',SINCE} 1          | more than a JSON object",
                "{}                                      | no addr",
                "{SINCE}                                 | no addr",
                "{'Addr':'192.0.2.1:1',SINCE}            | no addr",
                "{'addr':null,SINCE}                     | no addr",
                "{'addr':1921,SINCE}                     | no addr",
                "{'addr':['192.0.2.1:1'],SINCE}          | no addr",
                "{'x':{'addr':'192.0.2.1:1'},SINCE}      | no addr",
                "{'addr':'192.0.2.1:1'}                  | no since",
                "{'addr':'192.0.2.1:1','since':17698608} | no since",
                "{'addr':'',SINCE}                       | no address",
                "{'addr':'192.0.2.1:1','via':'',SINCE}   | no address",
            })
    void malformedValuesAreExplained(String json, String why) {
        assertThatClient(json, why);
    }

    /** WHO is a line of addresses between quotes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a'b",
                "a\\\"b",
                "a b",
                " a",
                "a\\nb",
                "a\\rb",
                "a\\tb",
                "a\\u0000b",
                "a\\u001bb",
                "a\\u007fb",
                "a\\u0085b",
                "a\\u00a0b",
                "a\\u2028b",
                "\u00e9",
                "\\ud83d\\ude80",
            })
    void noAddressCanBreakALineOrItsQuotes(String address) {
        String since = ",\"since\":\"2026-01-31T12:00:00Z\"}";
        for (String json : new String[] {
            "{\"addr\":\"" + address + "\"" + since, "{\"addr\":\"192.0.2.1:1\",\"via\":\"" + address + "\"" + since
        }) {
            assertThatThrownBy(() -> read(json.getBytes(UTF_8)))
                    .isInstanceOf(Malformed.class)
                    .hasMessage("no address");
        }
        assertThatThrownBy(() -> EtcdValues.member(
                        SERVER, ("{\"name\":\"s\",\"addr\":\"" + address + "\"" + since).getBytes(UTF_8)))
                .isInstanceOf(Malformed.class)
                .hasMessage("no address");
    }

    @Test
    void anAddressHasAtMost100Characters() throws Malformed {
        assertThat(client("{'addr':'" + "a".repeat(100) + "',SINCE}").address()).hasSize(100);
        assertThatClient("{'addr':'" + "a".repeat(101) + "',SINCE}", "no address");
    }

    @Test
    void aMembersAddressHasAtMost300Characters() throws Malformed {
        String longest = "a".repeat(300);
        assertThat(member("{'name':'n','addr':'" + longest + "',SINCE}").address())
                .isEqualTo(longest);
        assertThatThrownBy(() -> member("{'name':'n','addr':'" + longest + "a',SINCE}"))
                .hasMessage("no address");
    }

    @Test
    void aNameHasAtMost300CharactersAndNoControlCharacters() throws Malformed {
        assertThat(member(named("n".repeat(300))).name()).hasSize(300);
        for (String name : new String[] {"n".repeat(301), "a\\nb", "a\\u0000", "\\u001b[2J", "\\u0085", "\\u007f"}) {
            assertThatThrownBy(() -> member(named(name)))
                    .as(name)
                    .isInstanceOf(Malformed.class)
                    .hasMessage("no name");
        }
        assertThatThrownBy(() -> member("{'addr':'192.0.2.1:1',SINCE}"))
                .isInstanceOf(Malformed.class)
                .hasMessage("no name");
    }

    private static String named(String name) {
        return "{'name':'" + name + "','addr':'192.0.2.1:1',SINCE}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "1769860800000",
                "2026-01-31",
                "2026-01-31T12:00:00",
                "2026-01-31 12:00:00Z",
                "2026-02-30T12:00:00Z",
                "2026-13-01T12:00:00Z",
                "2026-01-31T25:00:00Z",
                "2026-01-31T12:60:00Z",
                " 2026-01-31T12:00:00Z",
                "2026-01-31T12:00:00Z ",
                "+292278995-01-01T00:00:00Z",
                "-292275056-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59Z",
                "+9999999999-12-31T23:59:59Z",
            })
    void invalidTimesAreRejected(String since) {
        assertThatClient("{'addr':'192.0.2.1:1','since':'" + since + "'}", "no time in since");
    }

    @Test
    void aValueHasAtMost4096Bytes() throws Malformed {
        String json = "{'addr':'192.0.2.1:1',SINCE}".replace("SINCE", SINCE);
        assertThat(client(json + " ".repeat(4_096 - json.length())).since()).isEqualTo(NOON);
        assertThatClient(json + " ".repeat(4_097 - json.length()), "longer than 4096 bytes");
    }

    @Test
    void aDeeplyNestedValueIsRejected() {
        assertThatClient("{'x':" + "[".repeat(2_000) + "]".repeat(2_000) + ",'addr':'192.0.2.1:1',SINCE}", "no JSON");
    }

    /** Whatever the value is, it must not look like a failure of this server. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff",
                "7bff",
                "7b2261646472223a22ff227d",
                "7b2261646472223a22c3227d",
                "7b2261646472223a22f0",
                "80",
                "00",
                "0000007b",
                "0000007b00110000",
                "0000007b0000",
                "7b00000000001100",
                "007b0000",
                "00007b00",
                "0000fffe",
                "feff0000",
                "fffe0000",
                "fffe7b",
                "feff007bd8000000",
                "efbbbf",
                "efbb",
                "1f8b0800",
            })
    void bytesThatAreNotUtf8AreMalformed(String hex) {
        byte[] value = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> read(value)).isInstanceOf(Malformed.class).hasMessageStartingWith("no JSON");
        assertThatThrownBy(() -> EtcdValues.member(SERVER, value)).isInstanceOf(Malformed.class);
    }

    @Test
    void latinLettersThatAreNotUtf8AreMalformed() {
        byte[] latin =
                named("Zo\u00eb").replace("SINCE", SINCE).replace('\'', '"').getBytes(ISO_8859_1);
        assertThatThrownBy(() -> EtcdValues.member(SERVER, latin))
                .isInstanceOf(Malformed.class)
                .hasMessage("no JSON");
    }

    private static void assertThatClient(String json, String why) {
        assertThatThrownBy(() -> client(json)).isInstanceOf(Malformed.class).hasMessage(why);
    }

    private static Client client(String json) throws Malformed {
        return read(utf8(json));
    }

    private static Client read(byte[] value) throws Malformed {
        return EtcdValues.client(SERVER, 7, value, () -> {
            throw new AssertionError("a bad name");
        });
    }

    /** A server is shown, whatever it has put there. */
    @Test
    void anAdminPortIsOptionalAndSkippedIfItIsNone() throws Exception {
        Optional<String> port = Optional.of("10.0.0.11:9151");
        Member member = new Member(SERVER, "server01", "10.0.0.11:5151", Instant.ofEpochMilli(NOON), port);
        assertThat(new String(EtcdValues.of(member), UTF_8)).endsWith(",\"admin\":\"10.0.0.11:9151\"}");
        assertThat(EtcdValues.member(SERVER, EtcdValues.of(member))).isEqualTo(member);
        for (String bad : List.of("", "a b", "\u00e9:1", "a".repeat(301))) {
            String json =
                    "{\"name\":\"n\",\"addr\":\"h:1\",\"since\":\"2026-01-31T12:00:00Z\",\"admin\":\"" + bad + "\"}";
            assertThat(EtcdValues.member(SERVER, utf8(json)).admin()).as(bad).isEmpty();
        }
    }

    private static Member member(String json) throws Malformed {
        return EtcdValues.member(SERVER, utf8(json));
    }

    private static byte[] utf8(String json) {
        return json.replace("SINCE", SINCE).replace('\'', '"').getBytes(UTF_8);
    }
}
