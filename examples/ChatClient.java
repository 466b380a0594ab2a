import io.socketz.client.*;
import java.io.*;
import java.util.concurrent.ExecutionException;

/** A client of the chat room: it shows messages, and says each line that you type. When it loses its server, it looks for another. */
public class ChatClient {
    public static void main(String[] args) throws Exception {
        try (SocketzClient client = SocketzClient.builder()
                .addresses(args[0]) // HOST:PORT,HOST:PORT
                .listener(new ClientListener() {
                    public void onMessage(Server from, String text) {
                        System.out.println("> " + text);
                    }
                })
                .connect()) {
            BufferedReader typed = new BufferedReader(new InputStreamReader(System.in));
            for (String line = typed.readLine(); line != null; line = typed.readLine()) {
                try {
                    client.send("SAY " + line).get().forEach(reply -> System.out.writeBytes(reply.toBytes()));
                } catch (ExecutionException e) { // the server was lost meanwhile: whether anybody has heard it is not known
                    System.out.println("? " + e.getCause().getMessage());
                }
            }
        }
    }
}
