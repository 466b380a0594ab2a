package io.socketz.protocol.request;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestTest {
    @Test
    void everyKindIsHandledByItsOwnMethodWithTheClientThatAsked() {
        assertThat(handled(new Command.Why())).containsExactly("why");
        assertThat(handled(new Command.Who())).containsExactly("who");
        assertThat(handled(new Command.WhoFresh())).containsExactly("who fresh");
        assertThat(handled(new Command.Where())).containsExactly("where");
        assertThat(handled(new Command.Quit())).containsExactly("quit");
        assertThat(handled(new Request.Empty())).containsExactly("empty");
        assertThat(handled(new Request.Invalid())).containsExactly("invalid");
        assertThat(handled(new Request.TooLong())).containsExactly("too long");
    }

    @Test
    void aCommandIsSentAsItsWordsAndALf() {
        assertThat(new Command.Why().toBytes()).isEqualTo("WHY\n".getBytes(US_ASCII));
        assertThat(new Command.Who().toBytes()).isEqualTo("WHO\n".getBytes(US_ASCII));
        assertThat(new Command.WhoFresh().toBytes()).isEqualTo("WHO FRESH\n".getBytes(US_ASCII));
        assertThat(new Command.Where().toBytes()).isEqualTo("WHERE\n".getBytes(US_ASCII));
        assertThat(new Command.Quit().toBytes()).isEqualTo("QUIT\n".getBytes(US_ASCII));
    }

    @ParameterizedTest
    @EnumSource
    void aCommandThatIsSentIsTheOneThatIsRead(Verb verb) {
        for (Form form : verb.forms()) {
            Command command = form.command();
            byte[] bytes = command.toBytes();
            assertThat(RequestParser.parse(bytes, 0, bytes.length - 1)).isEqualTo(command);
            assertThat(handled(command)).containsExactly(command.text().toLowerCase(Locale.ROOT));
        }
    }

    private static List<String> handled(Request request) {
        List<String> handled = new ArrayList<>();
        request.dispatch(new Noting(), handled);
        return handled;
    }

    /** Notes on the client what it was asked for. */
    private static final class Noting implements Request.Handler<List<String>> {
        @Override
        public void onWhy(List<String> client) {
            client.add("why");
        }

        @Override
        public void onWho(List<String> client) {
            client.add("who");
        }

        @Override
        public void onWhoFresh(List<String> client) {
            client.add("who fresh");
        }

        @Override
        public void onWhere(List<String> client) {
            client.add("where");
        }

        @Override
        public void onQuit(List<String> client) {
            client.add("quit");
        }

        @Override
        public void onEmpty(List<String> client) {
            client.add("empty");
        }

        @Override
        public void onInvalid(List<String> client) {
            client.add("invalid");
        }

        @Override
        public void onTooLong(List<String> client) {
            client.add("too long");
        }
    }
}
