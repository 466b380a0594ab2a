package io.socketz.server.session;

import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.Connection;
import io.socketz.server.nio.EventLoop;
import io.socketz.state.Client;
import io.socketz.state.Registry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session as the program that embeds the server sees it.
 *
 * <pre>{@code
 *   any thread: send --> lines --one task for all of them--> the loop: LineTarget --> what the client has not taken
 *                          |                                                                       |
 *                          +---------------- both count as waiting bytes --------------------------+
 * }</pre>
 */
final class ClientHandle implements Connection {
    /** The header of an array, padding, and references to it. */
    private static final int LINE_OVERHEAD_BYTES = 32;

    private final LineTarget session;

    /** Written by the session's loop. */
    private volatile Client client;

    private volatile @Nullable Object attachment;

    /** Written under the lock. */
    private volatile boolean open = true;

    /** Lines that the loop has not seen yet. Guarded by the lock. */
    private List<byte[]> lines = new ArrayList<>(0);

    /** Bytes of lines that have not gone to the kernel. Guarded by the lock. */
    private int waitingBytes;

    /** Those of them that wait for the client. Owned by the loop. */
    private int backloggedLineBytes;

    ClientHandle(LineTarget session, Client client) {
        this.session = session;
        this.client = client;
    }

    // ---------------------------------------------------------------- who it is

    @Override
    public String id() {
        return client.id();
    }

    @Override
    public String address() {
        return client.address();
    }

    @Override
    public Optional<String> via() {
        return Optional.ofNullable(client.via());
    }

    @Override
    public Instant since() {
        return Instant.ofEpochMilli(client.since());
    }

    @Override
    public Optional<String> name() {
        return Optional.ofNullable(client.name());
    }

    @Override
    public void attach(@Nullable Object attached) {
        attachment = attached;
    }

    @Override
    public <T> Optional<T> attachment(Class<T> type) {
        return Optional.ofNullable(attachment).map(type::cast);
    }

    @Override
    public String toString() {
        return client.id() + " " + client.address();
    }

    // ---------------------------------------------------------------- lines

    /**
     * The bytes of a line that is to be sent.
     *
     * @throws IllegalArgumentException as {@link Connection#send}
     */
    static byte[] encode(String line) {
        if (!Reply.Line.isLine(line) && !Event.isOutsideWatch(line)) {
            throw new IllegalArgumentException("not a line that can be sent");
        }
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean send(String line) {
        Offer offer = offer(encode(line));
        if (offer == Offer.FIRST) {
            loop().execute(this::deliver);
        }
        return offer != Offer.REFUSED;
    }

    /** What has become of a line. */
    enum Offer {
        /** It was not taken. */
        REFUSED,
        /** It was taken, and {@link #deliver} has to be called for it. */
        FIRST,
        /** It was taken, and goes with those before it. */
        MORE
    }

    /** Takes a line, if there is room. From any thread. The array must not change any more. */
    synchronized Offer offer(byte[] line) {
        if (!open || waitingBytes + size(line) > MAX_WAITING_BYTES) {
            return Offer.REFUSED;
        }
        waitingBytes += size(line);
        lines.add(line);
        return lines.size() == 1 ? Offer.FIRST : Offer.MORE;
    }

    /** What a line takes in memory, with its object, in bytes. */
    private static int size(byte[] line) {
        return line.length + LINE_OVERHEAD_BYTES;
    }

    EventLoop loop() {
        return session.eventLoop();
    }

    /** Sends the lines that were taken. On the loop. */
    void deliver() {
        session.guard(() -> {
            List<byte[]> taken = takeLines();
            int bytes = taken.stream().mapToInt(ClientHandle::size).sum();
            backloggedLineBytes += bytes;
            if (!session.sendLines(taken)) {
                onTaken();
            }
        });
    }

    private synchronized List<byte[]> takeLines() {
        List<byte[]> taken = lines;
        lines = new ArrayList<>(0);
        return taken;
    }

    /** Nothing waits for the client any more. On the loop. */
    void onTaken() {
        if (backloggedLineBytes > 0) {
            release(backloggedLineBytes);
            backloggedLineBytes = 0;
        }
    }

    private synchronized void release(int bytes) {
        waitingBytes -= bytes;
    }

    // ---------------------------------------------------------------- its end

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close(String reason) {
        if (!Registry.isKickReason(reason)) {
            throw new IllegalArgumentException("not a reason of one line");
        }
        onLeft();
        loop().execute(() -> {
            deliver(); // what a broadcast left here, and would deliver later
            session.guard(() -> session.end(CloseReason.CLOSED_BY_SERVER, reason));
        });
    }

    /** The client has another name. On the loop. */
    void onRenamed(Client renamed) {
        client = renamed;
    }

    /** Nothing is taken any more. */
    synchronized void onLeft() {
        open = false;
    }
}
