package io.socketz.protocol.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, names of clients, and how requests refer to servers and clients. */
class NamesTest {
    private static final String ID = "08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a";
    private static final UUID SERVER = UUID.fromString(ID);
    private static final UUID OTHER = UUID.fromString("08483049-5a1c-4b6e-9d6e-0d9b0d6c1f2a");

    @Test
    void anIdIsReadAsItIsWritten() {
        ClientId id = ClientId.parse(ID + "/17");
        assertThat(id).isEqualTo(new ClientId(SERVER, 17)).hasToString(ID + "/17");
        assertThat(id.brief()).isEqualTo("08483048/17");
        assertThat(ClientId.parse(ID + "/9223372036854775807").number()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                ID,
                ID + "/",
                ID + "/0",
                ID + "/01",
                ID + "/-1",
                ID + "/+1",
                ID + "/1 ",
                " " + ID + "/1",
                ID + "/1/2",
                ID + "/9223372036854775808",
                ID + "/\u0661",
                "08483048/17",
                "08483048-5A1C-4B6E-9D6E-0D9B0D6C1F2A/17",
                "1-1-1-1-1/17"
            })
    void anythingElseIsNotAnId(String text) {
        assertThatThrownBy(() -> ClientId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClientIsMeantByItsIdOrABriefOneInAnyCase() {
        for (String text : new String[] {ID + "/17", "08483048/17", "08483048-5A1C-4B6E-9D6E-0D9B0D6C1F2A/17"}) {
            ClientReference reference = ClientReference.parse(text);
            assertThat(reference.matches(SERVER, 17)).isTrue();
            assertThat(reference.matches(SERVER, 18)).isFalse();
            assertThat(reference.matches(OTHER, 17)).isFalse();
            assertThat(reference).hasToString(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "17",
                "/17",
                "0848304/17",
                "084830485/17",
                "08483048",
                "08483048/",
                "08483048/0",
                "08483048/017",
                "08483048/9223372036854775808",
                "08483048/1/1",
                "server01/17",
                "0848304g/17"
            })
    void anythingElseMeansNoClient(String text) {
        assertThatThrownBy(() -> ClientReference.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aServerIsMeantByItsNameOrItsIdOrABriefOne() {
        assertThat(new ServerReference(ID).matches(SERVER, "server01")).isTrue();
        assertThat(new ServerReference("08483048").matches(SERVER, "server01")).isTrue();
        assertThat(new ServerReference("08483048").matches(SERVER)).isTrue();
        assertThat(new ServerReference("08483048").matches(OTHER, "server01")).isFalse();
        assertThat(new ServerReference("0848304").matches(SERVER, "server01")).isFalse();
        assertThat(new ServerReference("server01").matches(SERVER, "server01")).isTrue();
        assertThat(new ServerReference("server01").matches(SERVER)).isFalse();
        assertThat(new ServerReference("Server01").matches(SERVER, "server01")).isFalse();
    }

    @Test
    void aLabelHasOneTo64PrintableCharactersOfAscii() {
        assertThat(ClientName.isName("!")).isTrue();
        assertThat(ClientName.isName("web-7/@*?~")).isTrue();
        assertThat(ClientName.isName("x".repeat(64))).isTrue();
        assertThat(ClientName.isName("x".repeat(65))).isFalse();
        for (String text : new String[] {"", " ", "a b", "a=", "'", "\"", "\t", "\u007f", "\u00e9", "\u0000"}) {
            assertThat(ClientName.isName(text)).as(text).isFalse();
        }
    }
}
