import io.socketz.client.*;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** A client of several servers: it asks every second, says which server answers, and goes to another one when that ends. */
public class FailoverClient {
    public static void main(String[] args) throws Exception {
        try (SocketzClient client = SocketzClient.builder()
                .addresses(args[0]) // HOST:PORT,HOST:PORT
                .listener(new ClientListener() {
                    public void onConnected(Server now, Optional<Server> before) {
                        System.out.println((before.isPresent() ? "moved to " : "connected to ") + now.asked());
                    }
                    public void onDisconnected(Server server, SocketzException why) {
                        System.out.println("lost " + server.asked());
                    }
                })
                .connect()) {
            while (true) {
                try {
                    System.out.println("connected clients: " + client.count().get());
                } catch (ExecutionException e) {
                    System.out.println("no answer: " + e.getCause().getMessage()); // the next one may succeed
                }
                Thread.sleep(1_000);
            }
        }
    }
}
