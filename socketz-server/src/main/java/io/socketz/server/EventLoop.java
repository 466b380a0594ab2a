package io.socketz.server;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One thread, one selector, and the connections they own. A turn of the loop: what is ready, what other threads asked
 * for, what is due.
 *
 * <p>The loop lends its connections the memory to read into and to gather replies in, one connection at a time, so that
 * an idle one needs none.
 */
final class EventLoop implements Executor {
    /** What one client can leave undecoded while it waits for an answer. */
    private static final int INPUT_SIZE = 16 << 10;

    private static final int OUTPUT_SIZE = 64 << 10;

    /** Larger than a read, for the sake of large replies. */
    private static final int SCRATCH_SIZE = 256 << 10;

    private static final long BUDGET = 1 << 20;

    private final Selector selector;
    private final Thread thread;
    private final ServerListener listener;
    private final Deadlines deadlines = new Deadlines();

    /** Bounded by its producers: a connection to adopt, an answer for each that waits for one, drain and stop. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether the selector was woken for the tasks in the queue. */
    private final AtomicBoolean woken = new AtomicBoolean();

    // From here on, everything is owned by the loop's thread.

    /** Between the channels and the arrays: what the kernel reads into and writes from. */
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_SIZE);

    /** Made once: a turn allocates nothing. */
    private final Consumer<SelectionKey> readyAction = this::onReady;

    private final byte[] input = new byte[INPUT_SIZE];
    private final byte[] output = new byte[OUTPUT_SIZE];
    private int outputLength;

    /** Bytes that whoever's turn it is may still send at once, so that a large backlog does not keep the others waiting. */
    private long budget;

    /** When this turn began, and whether that is known yet. */
    private long now;

    private boolean nowKnown;

    private int attachments;
    private boolean stopping;

    /** Of use while stopping: when what has not ended is aborted. */
    private long stopBy;

    EventLoop(String name, ServerListener listener) throws IOException {
        this.selector = Selector.open();
        this.thread = new Thread(this::run, name);
        this.listener = listener;
    }

    void start() {
        thread.start();
    }

    /** Runs {@code task} on this loop's thread, soon. From any thread. After the loop has ended, does nothing. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    /** The connections that this loop has, in a list of the caller's own. */
    List<Connection> connections() {
        assert isOwner();
        List<Connection> connections = new ArrayList<>(attachments);
        for (Attachment attachment : all()) {
            if (attachment instanceof Connection connection) {
                connections.add(connection);
            }
        }
        return connections;
    }

    /** Gives back what was opened for the loop. */
    void discard() {
        Acceptor.closeQuietly(selector);
    }

    /** Asks everything on this loop to end, then ends it; what has not ended at {@code deadline} is aborted. */
    void stop(long deadline) {
        execute(() -> onStop(deadline));
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Waits until the loop has ended. From any thread but its own. */
    void join() throws InterruptedException {
        thread.join();
    }

    /** Fails on this loop's own thread, which can not wait for its own end. */
    void checkNotOwner() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a server can not be closed from one of its own event loops");
        }
    }

    Deadlines deadlines() {
        assert isOwner();
        return deadlines;
    }

    /** When this turn of the loop began, as {@link System#nanoTime}. */
    long now() {
        assert isOwner();
        return now;
    }

    /** Puts {@code attachment} under this loop's care, until {@link #onClosed}. */
    SelectionKey register(SelectableChannel channel, int interest, Attachment attachment) throws IOException {
        assert isOwner();
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, interest, attachment);
        attachments++;
        return key;
    }

    /** An attachment's channel is closed. */
    void onClosed(Attachment attachment) {
        assert isOwner();
        deadlines.cancel(attachment);
        attachments--;
    }

    /** What the last {@link #read} brought. */
    byte[] input() {
        assert isOwner();
        return input;
    }

    /**
     * Reads into {@link #input}, once.
     *
     * @return number of bytes, 0 if there are none, -1 at the end
     */
    int read(SocketChannel channel) throws IOException {
        assert isOwner();
        scratch.clear().limit(INPUT_SIZE);
        int length = channel.read(scratch);
        if (length > 0) {
            scratch.get(0, input, 0, length);
        }
        return length;
    }

    /** Gathers a reply of the connection whose turn it is, if there is room for it. */
    boolean append(byte[] reply) {
        assert isOwner();
        int length = reply.length;
        if (length > OUTPUT_SIZE - outputLength) {
            return false;
        }
        System.arraycopy(reply, 0, output, outputLength, length);
        outputLength += length;
        return true;
    }

    /** Bytes of the replies that are gathered and have not been sent. */
    int outputLength() {
        assert isOwner();
        return outputLength;
    }

    void discardOutput() {
        assert isOwner();
        outputLength = 0;
    }

    /**
     * Sends the replies that are gathered.
     *
     * @return what the kernel did not take: empty if it took all
     */
    byte[] send(SocketChannel channel) throws IOException {
        assert isOwner();
        int length = outputLength;
        outputLength = 0;
        scratch.clear();
        scratch.put(output, 0, length).flip();
        int sent = channel.write(scratch);
        return sent == length ? Transport.NOTHING : Arrays.copyOfRange(output, sent, length);
    }

    /** Memory to send from. Its content is lost with the next read or send. */
    ByteBuffer scratch() {
        assert isOwner();
        return scratch;
    }

    /** How many bytes the connection whose turn it is may send from its backlog. */
    long budget() {
        assert isOwner();
        return budget;
    }

    void spend(long bytes) {
        assert isOwner();
        budget -= bytes;
    }

    private void run() {
        try {
            while (!stopping || attachments > 0) {
                turn();
            }
        } catch (IOException | RuntimeException | Error e) {
            onFailure(Defects.describe(e));
        } finally {
            discard();
        }
    }

    /** Not of one connection, which is guarded against, but of the loop: nobody serves its connections any more. */
    private void onFailure(String defect) {
        try {
            for (Attachment attachment : all()) {
                guard(attachment, () -> attachment.abort(CloseReason.INTERNAL_ERROR, defect));
            }
        } finally {
            listener.onFailure(thread.getName() + " has ended: " + defect);
        }
    }

    private void turn() throws IOException {
        select();
        beginTurn();
        if (woken.get()) {
            runTasks();
        }
        expireDeadlines();
        if (stopping && stopBy - now <= 0) {
            abortAll();
        }
        nowKnown = false;
    }

    private void select() throws IOException {
        long wait = deadlines.untilNext(now);
        if (stopping) {
            long rest = Math.max(0, stopBy - now);
            wait = wait < 0 ? rest : Math.min(wait, rest);
        }
        if (wait < 0) {
            selector.select(readyAction);
        } else if (wait == 0) {
            selector.selectNow(readyAction);
        } else {
            // Rounded up, lest the last fraction of a millisecond be spent on turns without anything to do.
            selector.select(readyAction, TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
        }
    }

    private void beginTurn() {
        if (!nowKnown) {
            now = System.nanoTime();
            nowKnown = true;
        }
    }

    private void onReady(SelectionKey key) {
        beginTurn();
        budget = BUDGET;
        Attachment attachment = (Attachment) key.attachment();
        try {
            attachment.onReady();
        } catch (RuntimeException | Error e) {
            onDefect(attachment, e);
        }
    }

    private void runTasks() {
        // Before the queue is looked at: what comes in while it is, wakes the selector again.
        woken.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void expireDeadlines() {
        for (Attachment due = deadlines.pollDue(now); due != null; due = deadlines.pollDue(now)) {
            Attachment attachment = due;
            guard(attachment, () -> attachment.onDeadline(now));
        }
    }

    /** Does {@code task} for {@code attachment}. If that fails, it is the end of this attachment, and of no other. */
    void guard(Attachment attachment, Runnable task) {
        assert isOwner();
        budget = BUDGET;
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            onDefect(attachment, e);
        }
    }

    private void onDefect(Attachment attachment, Throwable e) {
        discardOutput();
        String defect = Defects.describe(e);
        listener.onWarning(defect);
        try {
            attachment.abort(CloseReason.INTERNAL_ERROR, defect);
        } catch (RuntimeException | Error again) {
            listener.onWarning(Defects.describe(again));
        }
    }

    private void onStop(long deadline) {
        stopping = true;
        stopBy = deadline;
        for (Attachment attachment : all()) {
            guard(attachment, attachment::onStop);
        }
    }

    private void abortAll() {
        for (Attachment attachment : all()) {
            guard(attachment, () -> attachment.abort(CloseReason.SERVER_STOPPING, ""));
        }
    }

    /** A copy, since what is done to them takes keys out of the selector's set. */
    private List<Attachment> all() {
        List<Attachment> all = new ArrayList<>(attachments);
        for (SelectionKey key : selector.keys()) {
            if (key.isValid()) {
                all.add((Attachment) key.attachment());
            }
        }
        return all;
    }

    /** Before the loop is started, it belongs to whoever makes it. */
    private boolean isOwner() {
        return Thread.currentThread() == thread || thread.getState() == Thread.State.NEW;
    }
}
