package io.socketz.it.load;

import io.socketz.it.Topology;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches the cluster through one server at a time, and moves to the next one when it loses that, with {@code WATCH SINCE}.
 * Connects directly and without joining the roster. A thread of its own; the methods are for any thread.
 */
public final class MovingWatch implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 12_000;
    private static final long PAUSE_MILLIS = 100;

    private final Topology topology;
    private final Thread thread = new Thread(this::run, "moving-watch");

    /** Guards everything below. */
    private final Object lock = new Object();

    private final RosterMirror mirror = new RosterMirror();
    private final List<String> moves = new ArrayList<>();
    private @Nullable Socket socket;
    private boolean begun;
    private boolean interrupted;
    private boolean closed;

    private MovingWatch(Topology topology) {
        this.topology = topology;
        thread.setDaemon(true);
    }

    /** Begins to watch, at the first server that runs. */
    public static MovingWatch start(Topology topology) {
        MovingWatch watch = new MovingWatch(topology);
        watch.thread.start();
        return watch;
    }

    private void run() {
        List<String> servers = topology.serverNames();
        try {
            for (int next = 0; goesOn(); next++) {
                try {
                    watch(servers.get(next % servers.size()));
                } catch (IOException e) {
                    // The server has ended, or does not run: the next one may.
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    /** Waits while it is interrupted; returns whether it is to look for a server. */
    private boolean goesOn() throws InterruptedException {
        synchronized (lock) {
            while (interrupted && !closed) {
                lock.wait();
            }
            return !closed;
        }
    }

    private void watch(String server) throws IOException {
        try (Socket opened = new Socket(InetAddress.getLoopbackAddress(), topology.port(server))) {
            opened.setSoTimeout(TIMEOUT_MILLIS); // there is a `now` every few seconds
            String request;
            synchronized (lock) {
                socket = opened;
                request = begun ? "WATCH SINCE " + mirror.completeRevision() : "WATCH";
                mirror.onResume();
            }
            opened.getOutputStream().write(("PROXY UNKNOWN\r\n" + request + "\n").getBytes(StandardCharsets.US_ASCII));
            ReplyDecoder decoder =
                    new ReplyDecoder(ReplyDecoder.DEFAULT_MAX_LINE_LENGTH, reply -> onReply(server, reply));
            InputStream in = opened.getInputStream();
            byte[] buffer = new byte[1 << 16];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                decoder.decode(buffer, 0, length);
            }
        }
    }

    private void onReply(String server, Reply reply) {
        synchronized (lock) {
            if (reply instanceof Event event) {
                mirror.onEvent(event);
            } else if (reply instanceof Block.Clients state) {
                begun = true;
                mirror.onState(state);
            } else if (reply instanceof Reply.Greeting) {
                moves.add(server);
            }
        }
    }

    /** What did not fit, for people; empty if the stream had neither gaps nor doubles. */
    public List<String> errors() {
        synchronized (lock) {
            return mirror.errors();
        }
    }

    /** How often a server said that it does not know what happened. */
    public int resyncs() {
        synchronized (lock) {
            return mirror.resyncs();
        }
    }

    /** The servers that it has watched through, in order. */
    public List<String> moves() {
        synchronized (lock) {
            return List.copyOf(moves);
        }
    }

    /** The revision of the last event. */
    public long revision() {
        synchronized (lock) {
            return mirror.revision();
        }
    }

    /** The clients, as the events told them; empty before it has begun. */
    public Set<ClientRecord> clients() {
        synchronized (lock) {
            return mirror.clients();
        }
    }

    /** Loses its server, as if the network had failed. It does not look for another one before {@link #resume}. */
    public void interrupt() throws IOException {
        synchronized (lock) {
            interrupted = true;
            if (socket != null) {
                socket.close();
            }
        }
    }

    /** Looks for a server again. */
    public void resume() {
        synchronized (lock) {
            interrupted = false;
            lock.notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            closed = true;
            if (socket != null) {
                socket.close();
            }
        }
        thread.interrupt();
    }
}
