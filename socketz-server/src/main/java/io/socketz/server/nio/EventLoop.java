package io.socketz.server.nio;

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
 * One thread, one selector, and what they serve. A turn of the loop: what is ready, then the tasks of other threads, then
 * what is due.
 *
 * <p>The loop lends its connections the memory to read into and to gather replies in, to one connection at a time, so
 * that an idle connection needs none.
 */
public final class EventLoop implements Executor {
    /** What one client can leave undecoded while it waits for an answer. */
    private static final int INPUT_BYTES = 16 << 10;

    private static final int OUTPUT_BYTES = 64 << 10;

    /** Larger than a read, for the sake of large replies. */
    private static final int SCRATCH_BYTES = 256 << 10;

    private static final long BUDGET_BYTES = 1 << 20;

    private static final byte[] NOTHING = {};

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
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

    /** Made once, so that a turn allocates nothing. */
    private final Consumer<SelectionKey> readyAction = this::onReady;

    private final byte[] input = new byte[INPUT_BYTES];
    private final byte[] output = new byte[OUTPUT_BYTES];
    private int outputLength;

    /** Bytes that the current connection may still send from its backlog, so that it does not keep the others waiting. */
    private long budget;

    /** When this turn began, as {@link System#nanoTime}. */
    private long now;

    /** Whether {@link #now} has been read in this turn. */
    private boolean nowKnown;

    private int attachments;
    private boolean stopping;

    /** While stopping: when what has not ended is aborted, as {@link System#nanoTime}. */
    private long stopBy;

    /**
     * A loop that is not started.
     *
     * @param name of its thread
     * @param listener is told of defects, and when the loop has ended because of one
     */
    public EventLoop(String name, ServerListener listener) throws IOException {
        this.selector = Selector.open();
        this.thread = new Thread(this::run, name);
        this.listener = listener;
    }

    /** Starts the loop's thread. Until then the loop belongs to the thread that made it. */
    public void start() {
        thread.start();
    }

    /** Runs {@code task} soon on this loop's thread. From any thread. Does nothing after the loop has ended. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    /** The attachments of this loop that are of {@code type}, in a new list. */
    public <T extends Attachment> List<T> attachments(Class<T> type) {
        assert isOwner();
        List<T> found = new ArrayList<>(attachments);
        for (Attachment attachment : all()) {
            if (type.isInstance(attachment)) {
                found.add(type.cast(attachment));
            }
        }
        return found;
    }

    /** Releases what was opened for a loop that is never started. */
    public void discard() {
        Quietly.close(selector);
    }

    /**
     * Asks everything on this loop to end, then ends the loop. From any thread.
     *
     * @param deadline when what has not ended is aborted, as {@link System#nanoTime}
     */
    public void stop(long deadline) {
        execute(() -> onStop(deadline));
    }

    /** Whether its thread has ended. From any thread. */
    public boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Waits until the loop has ended. From any thread but its own. */
    public void join() throws InterruptedException {
        thread.join();
    }

    /** Fails on this loop's own thread, which cannot wait for its own end. */
    public void checkNotOwner() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a server cannot be closed from one of its own event loops");
        }
    }

    /** The deadlines of what this loop serves. */
    public Deadlines deadlines() {
        assert isOwner();
        return deadlines;
    }

    /** When this turn of the loop began, as {@link System#nanoTime}. */
    public long now() {
        assert isOwner();
        return now;
    }

    /** Serves {@code attachment} until {@link #onClosed}. */
    public SelectionKey register(SelectableChannel channel, int interest, Attachment attachment) throws IOException {
        assert isOwner();
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, interest, attachment);
        attachments++;
        return key;
    }

    /** The channel of {@code attachment} is closed. */
    public void onClosed(Attachment attachment) {
        assert isOwner();
        deadlines.cancel(attachment);
        attachments--;
    }

    /** What the last {@link #read} brought. */
    public byte[] input() {
        assert isOwner();
        return input;
    }

    /**
     * Reads into {@link #input}, once.
     *
     * @return number of bytes, 0 if there are none, -1 at the end
     */
    public int read(SocketChannel channel) throws IOException {
        assert isOwner();
        scratch.clear().limit(INPUT_BYTES);
        int length = channel.read(scratch);
        if (length > 0) {
            scratch.get(0, input, 0, length);
        }
        return length;
    }

    /** Gathers a reply of the current connection, if there is room for it. */
    boolean append(byte[] reply) {
        assert isOwner();
        int length = reply.length;
        if (length > OUTPUT_BYTES - outputLength) {
            return false;
        }
        System.arraycopy(reply, 0, output, outputLength, length);
        outputLength += length;
        return true;
    }

    /** Bytes of the replies that are gathered and not yet sent. */
    int outputLength() {
        assert isOwner();
        return outputLength;
    }

    /** Discards the replies that are gathered. */
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
        return sent == length ? NOTHING : Arrays.copyOfRange(output, sent, length);
    }

    /** Memory to send from. Its content is lost with the next read or send. */
    ByteBuffer scratch() {
        assert isOwner();
        return scratch;
    }

    /** How many bytes the current connection may still send from its backlog. */
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
            onFailure(ErrorText.ofDefect(e));
        } finally {
            discard();
        }
    }

    /** A defect of the loop itself, not of one attachment: from now on nobody serves its connections. */
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
            // Rounded up, so that the loop does not spin during the last fraction of a millisecond.
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
        budget = BUDGET_BYTES;
        Attachment attachment = (Attachment) key.attachment();
        try {
            attachment.onReady();
        } catch (RuntimeException | Error e) {
            onDefect(attachment, e);
        }
    }

    private void runTasks() {
        // Before the queue is read: a task that is added meanwhile wakes the selector again.
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

    /** Runs {@code task} for {@code attachment}. A defect ends this attachment, and no other. */
    public void guard(Attachment attachment, Runnable task) {
        assert isOwner();
        budget = BUDGET_BYTES;
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            onDefect(attachment, e);
        }
    }

    private void onDefect(Attachment attachment, Throwable e) {
        discardOutput();
        String defect = ErrorText.ofDefect(e);
        listener.onWarning(defect);
        try {
            attachment.abort(CloseReason.INTERNAL_ERROR, defect);
        } catch (RuntimeException | Error again) {
            listener.onWarning(ErrorText.ofDefect(again));
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

    /** A copy, since ending an attachment removes its key from the selector's set. */
    private List<Attachment> all() {
        List<Attachment> all = new ArrayList<>(attachments);
        for (SelectionKey key : selector.keys()) {
            if (key.isValid()) {
                all.add((Attachment) key.attachment());
            }
        }
        return all;
    }

    /** Before the loop is started, it belongs to the thread that made it. */
    private boolean isOwner() {
        return Thread.currentThread() == thread || thread.getState() == Thread.State.NEW;
    }
}
