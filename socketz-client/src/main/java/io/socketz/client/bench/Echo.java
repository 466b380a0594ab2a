package io.socketz.client.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that a server can do: counts line ends and answers each request with the same bytes. It has a port and a
 * thread for each thread of the load.
 */
final class Echo implements AutoCloseable {
    private static final int BACKLOG = 16_384;

    private final List<Loop> loops = new ArrayList<>();

    /**
     * Starts to answer.
     *
     * @param requestLines lines of a request, 1 or more
     */
    Echo(int threads, int requestLines, byte[] reply) throws IOException {
        try {
            for (int i = 0; i < threads; i++) {
                Loop loop = new Loop(requestLines, reply);
                loops.add(loop);
                loop.thread.start();
            }
        } catch (IOException e) {
            close();
            throw e;
        } catch (OutOfMemoryError e) {
            close();
            throw Bench.tooMany(threads, e);
        }
    }

    List<InetSocketAddress> addresses() {
        return loops.stream().map(loop -> loop.address).toList();
    }

    @Override
    public void close() {
        loops.forEach(Loop::close);
    }

    private static final class Loop {
        private final Selector selector;
        private final ServerSocketChannel server = ServerSocketChannel.open();
        private final InetSocketAddress address;
        private final Thread thread = new Thread(this::run, "socketz-bench-echo");
        private final int requestLines;
        private final Repeated replies;
        private final int replyLength;
        private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        private final byte[] bytes = new byte[1 << 16];

        /** Set once, by the thread that closes it; its own thread owns the rest, clients included. */
        private volatile boolean closed;

        Loop(int requestLines, byte[] reply) throws IOException {
            this.requestLines = requestLines;
            this.replies = new Repeated(reply, 1 << 16);
            this.replyLength = reply.length;
            this.selector = Selector.open();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            this.address = (InetSocketAddress) server.getLocalAddress();
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            thread.setDaemon(true);
        }

        private void run() {
            try {
                while (!closed) {
                    selector.select(this::onReady);
                }
            } catch (IOException e) {
                // Its clients then lose their connections, and report that.
            } finally {
                release();
            }
        }

        private void onReady(SelectionKey key) {
            try {
                if (key.channel() == server) {
                    accept();
                } else {
                    ((Client) key.attachment()).onReady(key);
                }
            } catch (IOException e) {
                close(key);
            }
        }

        private void accept() throws IOException {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ, new Client(channel));
            }
        }

        void close() {
            closed = true;
            selector.wakeup();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            release();
        }

        private void release() {
            try (selector;
                    server) {
                if (selector.isOpen()) {
                    selector.keys().forEach(Loop::close);
                }
            } catch (IOException e) {
                // It ends all the same.
            }
        }

        private static void close(SelectionKey key) {
            try {
                key.channel().close();
            } catch (IOException e) {
                key.cancel();
            }
        }

        private final class Client {
            private final SocketChannel channel;

            /** Line ends since the last whole request. */
            private int lines;

            /** Bytes of replies that the kernel has not accepted. */
            private long unwritten;

            Client(SocketChannel channel) {
                this.channel = channel;
            }

            /** Reads nothing while replies wait: a client that does not read gets no more. */
            void onReady(SelectionKey key) throws IOException {
                if (key.isReadable()) {
                    int length = channel.read(in.clear());
                    if (length < 0) {
                        channel.close();
                        return;
                    }
                    in.flip().get(bytes, 0, length);
                    lines += Newlines.count(bytes, 0, length);
                    unwritten += (long) (lines / requestLines) * replyLength;
                    lines %= requestLines;
                }
                unwritten = replies.write(channel, unwritten);
                int wanted = unwritten > 0 ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
                if (key.interestOps() != wanted) {
                    key.interestOps(wanted);
                }
            }
        }
    }
}
