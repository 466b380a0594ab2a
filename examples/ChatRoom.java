import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.*;
import io.socketz.server.event.Connection;
import io.socketz.state.*;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.net.URI;
import java.util.List;

/**
 * A chat room: {@code SAY hello} reaches everybody else on this server, and all hear who joins and leaves; with etcd, on all
 * servers.
 * A text arrives as a message, {@code event 0 message ...}, so that every reader of the protocol knows that it is no reply.
 */
public class ChatRoom {
    private static SocketzServer server;

    public static void main(String[] args) throws Exception {
        CommandRow say = CommandRow.of("SAY [text]", "tells everybody else", ReplyType.LINE);
        SocketzServer.Builder builder = SocketzServer.builder()
                .port(Integer.parseInt(args[0]))
                .maxLineLength(900) // what is said has to fit into an event of 1,024 bytes
                .command(say, (command, connection) -> say(command.text(), connection))
                .greeting("use 'SAY text', 'NAME you', 'WHO LONG', 'QUIT'");
        if (args.length > 1) {
            builder.cluster(EtcdOptions.of(List.of(URI.create(args[1]))));
        }
        server = builder.start();
        server.watch(new PresenceListener() {
            public void onState(Roster roster) {}
            public void onJoined(long revision, Client client) { tell(client.address() + " is here"); }
            public void onRenamed(long revision, Client before, Client client) {
                tell(client.address() + " is " + (client.name() == null ? "nobody" : client.name()));
            }
            public void onLeft(long revision, Client client, String reason) { tell(client.address() + " has left"); }
            public void onServerDown(long revision, Member server, boolean lost) {
                tell("all on " + server.name() + " have left");
            }
        });
        System.out.println("listening on " + server.address().getPort());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }

    private static CommandReply say(String text, Connection speaker) {
        if (text.isEmpty()) {
            return CommandReply.error("NOTHING_SAID", "expected what to say");
        }
        Event.Message said = new Event.Message("from=" + speaker.name().orElse(speaker.address()) + " " + text);
        int heard = server.broadcast(said.line(), listener -> listener != speaker);
        return CommandReply.line("heard by " + heard);
    }

    private static void tell(String news) {
        server.broadcast(new Event.Message(news).line(), listener -> true);
    }
}
