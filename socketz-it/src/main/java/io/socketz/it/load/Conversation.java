package io.socketz.it.load;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.MalformedReplyException;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDecoder;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * A blocking connection to a port of this machine: a request, then its answer. For one thread. Every wait has a time
 * limit and then fails with a {@link SocketTimeoutException}. An orderly end is an {@link EOFException}, any other
 * failure another {@link IOException}, an impossible answer a {@link WrongAnswerException}.
 */
public final class Conversation implements AutoCloseable {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    /** The header of HAProxy's own health checks: a connection that begins with it joins no roster. */
    private static final String NOBODY = "PROXY UNKNOWN\r\n";

    private final Socket socket = new Socket();
    private final int patienceMillis;
    private final String address;
    private final byte[] buffer = new byte[8_192];
    private final Queue<Reply> replies = new ArrayDeque<>();
    private final ReplyDecoder decoder = new ReplyDecoder(ReplyDecoder.DEFAULT_MAX_LINE_LENGTH, replies::add);

    /** Connects as the client that {@code header} names, or by its own address if that is empty. */
    private Conversation(int port, String header, String address, Duration patience) throws IOException {
        this.patienceMillis = (int) patience.toMillis();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), patienceMillis);
            socket.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        this.address = address.isEmpty() ? "127.0.0.1:" + socket.getLocalPort() : address;
    }

    /** Connects to HAProxy as a client does, and does not wait for the greeting. */
    public static Conversation connect(int port, Duration patience) throws IOException {
        return new Conversation(port, "", "", patience);
    }

    /** Connects to a server as HAProxy's health checks do, which does not change its roster. */
    static Conversation unseen(int port, Duration patience) throws IOException {
        Conversation conversation = new Conversation(port, NOBODY, "nobody", patience);
        conversation.awaitGreeting();
        return conversation;
    }

    /**
     * Connects to a server as a proxy does for a client.
     *
     * @param address IPv4 address of that client
     * @param clientPort its port
     */
    public static Conversation guest(int port, String address, int clientPort, Duration patience) throws IOException {
        String header = "PROXY TCP4 " + address + " 127.0.0.1 " + clientPort + " " + port + "\r\n";
        Conversation conversation = new Conversation(port, header, address + ":" + clientPort, patience);
        conversation.awaitGreeting();
        return conversation;
    }

    /** Its address on the roster. */
    public String address() {
        return address;
    }

    /** Waits for the greeting, which begins a session. */
    public void awaitGreeting() throws IOException {
        try {
            expect(Reply.Greeting.class, next());
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Asks {@code WHY}, and fails unless that is 42. */
    public void why() throws IOException {
        ask(BuiltInCommands.WHY, Reply.Answer.class);
    }

    /** Asks {@code WHO}. */
    public Reply.ClientList who() throws IOException {
        return ask(BuiltInCommands.WHO, Reply.ClientList.class);
    }

    /** Asks {@code WHO LONG}: the first 1,000 clients. */
    Block.Clients list() throws IOException {
        return ask(BuiltInCommands.WHO_LONG, Block.Clients.class);
    }

    /** Asks {@code WHERE}. */
    public UUID where() throws IOException {
        return ask(BuiltInCommands.WHERE, Reply.ServerId.class).id();
    }

    /** Asks {@code WHO FRESH} and returns its last line. */
    public Reply.Freshness freshness() throws IOException {
        ask(BuiltInCommands.WHO_FRESH, Reply.ClientList.class);
        return expect(Reply.Freshness.class, next());
    }

    /** Asks {@code WHO FRESH} a server, {@code begin} being the time before that. */
    PresenceHistory.Answer whoFresh(UUID server, long begin) throws IOException {
        Reply.ClientList list = ask(BuiltInCommands.WHO_FRESH, Reply.ClientList.class);
        boolean fresh = expect(Reply.Freshness.class, next()) instanceof Reply.Fresh;
        return new PresenceHistory.Answer(server, begin, System.nanoTime(), fresh, Set.copyOf(list.clients()));
    }

    /**
     * Asks the server to end the connection, and waits for the end.
     *
     * @return whether the server itself has ended it, since it has answered another request of the same segment; a proxy also
     *     ends the connections of a server that does not answer any more
     */
    boolean quit() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(BuiltInCommands.WHY.command().toBytes());
        both.writeBytes(BuiltInCommands.QUIT.command().toBytes());
        socket.getOutputStream().write(both.toByteArray());
        boolean answered = false;
        try {
            expect(Reply.Answer.class, next());
            answered = true;
            throw new WrongAnswerException("after QUIT: " + next());
        } catch (EOFException e) {
            close();
            return answered;
        }
    }

    private <R extends Reply> R ask(CommandRow command, Class<R> kind) throws IOException {
        send(command);
        return expect(kind, next());
    }

    private void send(CommandRow row) throws IOException {
        socket.getOutputStream().write(row.command().toBytes());
    }

    private static <R extends Reply> R expect(Class<R> kind, Reply reply) throws WrongAnswerException {
        if (!kind.isInstance(reply)) {
            throw new WrongAnswerException("no " + kind.getSimpleName() + " but " + reply);
        }
        return kind.cast(reply);
    }

    private Reply next() throws IOException {
        socket.setSoTimeout(patienceMillis);
        return await();
    }

    /** Sends nothing for a while, and expects nothing from the server; notices the end of the connection. */
    void rest(int millis) throws IOException {
        socket.setSoTimeout(Math.max(1, millis));
        try {
            throw new WrongAnswerException("unasked: " + await());
        } catch (SocketTimeoutException e) {
            // as expected
        }
    }

    private Reply await() throws IOException {
        while (true) {
            Reply reply = replies.poll();
            if (reply != null) {
                return reply;
            }
            int length = socket.getInputStream().read(buffer);
            if (length < 0) {
                throw new EOFException("closed");
            }
            try {
                decoder.decode(buffer, 0, length);
            } catch (MalformedReplyException e) {
                throw new WrongAnswerException(String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing uses it any more
        }
    }
}
