import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;

/**
 * A service of your own, without a framework: a pool computes {@code DIVIDE 84 2}, since that may take a while. The service
 * stops gracefully at Ctrl-C or SIGTERM: it answers the requests it has, for at most five seconds.
 */
public class LineService implements AutoCloseable {
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final SocketzServer server;

    public LineService(int port) throws Exception {
        CommandRow divide = CommandRow.of("DIVIDE a b", "the quotient of two numbers", ReplyType.LINE);
        server = SocketzServer.builder()
                .port(port)
                .drainTimeout(Duration.ofSeconds(5))
                .commandAsync(divide, (command, connection) ->
                        CompletableFuture.supplyAsync(() -> divide(command.text().split(" +")), pool))
                .start();
    }

    private static CommandReply divide(String[] numbers) {
        try {
            return CommandReply.line("" + Long.parseLong(numbers[0]) / Long.parseLong(numbers[1]));
        } catch (NumberFormatException | ArithmeticException e) {
            return CommandReply.error("BAD_NUMBER", "expected two numbers, the second one not 0");
        }
    }

    public int port() {
        return server.address().getPort();
    }

    @Override
    public void close() {
        server.close();
        pool.shutdown();
    }

    public static void main(String[] args) throws Exception {
        LineService service = new LineService(Integer.parseInt(args[0]));
        System.out.println("listening on " + service.port());
        Runtime.getRuntime().addShutdownHook(new Thread(service::close));
    }
}
