package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private static final UUID SERVER = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static final String MEMBER = "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e";
    private static final String CLIENT = "/socketz/v1/clients/0f8fad5b-d9cb-469f-a165-70867728950e/";

    private final Keys keys = new Keys("/socketz");

    @Test
    void aServersKeyForClientsThatLeftIsReadAsItWasMade() {
        Keys keys = new Keys("/socketz");
        assertThat(keys.closed(SERVER)).isEqualTo("/socketz/v1/closed/" + SERVER);
        assertThat(keys.parse(keys.closed(SERVER))).isEqualTo(new Keys.ClosedKey(SERVER));
        assertThat(keys.parse(keys.closed(SERVER) + "/1")).isNull();
        assertThat(keys.isClosed(keys.closed(SERVER))).isTrue();
        assertThat(keys.isClosed(keys.member(SERVER))).isFalse();
    }

    @Test
    void keysAreWrittenAsSpecified() {
        assertThat(keys.member(SERVER)).isEqualTo(MEMBER);
        assertThat(keys.client(SERVER, 1)).isEqualTo(CLIENT + "1");
        assertThat(keys.client(SERVER, 907)).isEqualTo(CLIENT + "907");
        assertThat(new Keys("/a/b").member(SERVER)).isEqualTo("/a/b/v1/members/" + SERVER);
    }

    @Test
    void aWrittenKeyIsReadBack() {
        assertThat(keys.parse(MEMBER)).isEqualTo(new Keys.MemberKey(SERVER));
        assertThat(keys.parse(CLIENT + "42")).isEqualTo(new Keys.ClientKey(SERVER, 42));
        for (long number : new long[] {1, 9, 10, 1_000, 999_999_999_999_999_999L}) {
            assertThat(keys.parse(keys.client(SERVER, number))).isEqualTo(new Keys.ClientKey(SERVER, number));
        }
        for (UUID id : new UUID[] {new UUID(0, 0), new UUID(-1, -1), UUID.randomUUID()}) {
            assertThat(keys.parse(keys.member(id))).isEqualTo(new Keys.MemberKey(id));
            assertThat(keys.parse(keys.client(id, 7))).isEqualTo(new Keys.ClientKey(id, 7));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/socketz",
                "/socketz/v1",
                "/socketz/v1/",
                "/socketz/v1/members",
                "/socketz/v1/members/",
                "/socketz/v1/member/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/socketz/v1/others/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/socketz/v2/members/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/socketz2/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/other/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e",
                "socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/SOCKETZ/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/socketz//v1/members/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/socketz/v1/members//0f8fad5b-d9cb-469f-a165-70867728950e",
                "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950",
                "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e0",
                "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e/",
                "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e/1",
                "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950e\0",
                "/socketz/v1/members/ 0f8fad5b-d9cb-469f-a165-70867728950",
                "/socketz/v1/members/0F8FAD5B-D9CB-469F-A165-70867728950E",
                "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950E",
                "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-70867728950g",
                "/socketz/v1/members/0f8fad5b-d9cb-469f-a165-7086772895\u00e9e",
                "/socketz/v1/members/0f8fad5bd9cb469fa16570867728950e0000",
                "/socketz/v1/members/00f8fad5b-d9cb-469f-a16-570867728950",
                "/socketz/v1/members/+f8fad5b-d9cb-469f-a165-70867728950e",
                "/socketz/v1/members/1-1-1-1-1",
                "/socketz/v1/members/0-0-0-0-00000000000000000000000000001",
                "/socketz/v1/members/000000000000000000000000001-1-1-1-11",
            })
    void noMember(String key) {
        assertThat(keys.parse(key)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "00",
                "01",
                "+1",
                "-1",
                " 1",
                "1 ",
                "1/",
                "/1",
                "1/1",
                "1.0",
                "1e3",
                "0x1",
                "one",
                "1\0",
                "1\n",
                "1\u00b2",
                "\u00b9",
                "1\u00ff",
                "1000000000000000000",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999999999999999999999999999",
            })
    void noClientNumber(String number) {
        assertThat(keys.parse(CLIENT + number)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/socketz/v1/clients/",
                "/socketz/v1/clients/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/socketz/v1/clients//1",
                "/socketz/v1/clients/1",
                "/socketz/v1/clients/0f8fad5b-d9cb-469f-a165-70867728950/12",
                "/socketz/v1/clients/0f8fad5b-d9cb-469f-a165-70867728950ee/1",
                "/socketz/v1/clients/0f8fad5b-d9cb-469f-a165-70867728950e1",
                "/socketz/v1/clients/0f8fad5b-d9cb-469f-a165-70867728950e11",
                "/socketz/v1/clients/0F8FAD5B-d9cb-469f-a165-70867728950e/1",
                "/socketz/v1/clients/0-0-0-0-00000000000000000000000000001/1",
                "/socketz2/v1/clients/0f8fad5b-d9cb-469f-a165-70867728950e/1",
                "/socketz/v2/clients/0f8fad5b-d9cb-469f-a165-70867728950e/1",
            })
    void noServerOfAClient(String key) {
        assertThat(keys.parse(key)).isNull();
    }

    @Test
    void theRangeHoldsAllKeysOfThePrefixAndNoOthers() {
        assertThat(keys.first()).isEqualTo("/socketz/v1/");
        assertThat(keys.end()).isEqualTo("/socketz/v10");
        for (String ours :
                new String[] {"/socketz/v1/", "/socketz/v1/\0", "/socketz/v1/\u00ff\u00ff", MEMBER, CLIENT + "1"}) {
            assertThat(ours).isGreaterThanOrEqualTo(keys.first()).isLessThan(keys.end());
        }
        for (String before : new String[] {"/socketz", "/socketz/v1", "/socketz/v1.", "/socketz/v0/members/x"}) {
            assertThat(before).isLessThan(keys.first());
        }
        for (String after : new String[] {"/socketz/v10", "/socketz/v10/members/x", "/socketz/v2/", "/socketz2/v1/"}) {
            assertThat(after).isGreaterThanOrEqualTo(keys.end());
        }
    }

    @Test
    void noKeyFitsBetweenAKeyAndTheNextPossibleOne() {
        assertThat(Keys.behind("/socketz/v1/a")).isEqualTo("/socketz/v1/a\0");
        assertThat(Keys.behind("/socketz/v1/a")).isGreaterThan("/socketz/v1/a").isLessThan("/socketz/v1/a\1");
    }
}
