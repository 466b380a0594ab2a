package io.socketz.server.nio;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 */
public final class EventLoop implements Executor {
    private final Selector selector;
    private final Thread thread;
    private final ServerListener listener;
    private final Deadlines deadlines = new Deadlines();

    /** Bounded by its producers: a connection to adopt, an answer for each that waits for one, drain and stop. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether the selector was woken for the tasks in the queue. */
    private final AtomicBoolean woken = new AtomicBoolean();

    private final LoopCounter received = new LoopCounter();
    private final LoopCounter sent = new LoopCounter();

    // From here on, everything is owned by the loop's thread.

    private final LoopBuffers buffers = new LoopBuffers();

    /** Made once, so that a turn allocates nothing. */
    private final Consumer<SelectionKey> readyAction = this::onReady;

    /** The tasks of this turn. What they add runs in the next one: so a long job in many tasks lets channels have their turns. */
    private final Queue<Runnable> due = new ArrayDeque<>();

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

    /**
     * Waits until the loop has ended. From any thread but its own.
     *
     * @param deadline until when at most, as {@link System#nanoTime}
     */
    public void join(long deadline) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
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

    /** What it lends to the connection that it serves now. */
    public LoopBuffers buffers() {
        assert isOwner();
        return buffers;
    }

    /** A client has sent so many bytes. */
    void onReceived(int bytes) {
        received.add(bytes);
    }

    /** The kernel has taken so many bytes for a client. */
    void onSent(long bytes) {
        sent.add(bytes);
    }

    /** How many bytes clients have sent. From any thread. */
    public long receivedBytes() {
        return received.get();
    }

    /** How many bytes were sent to clients. From any thread. */
    public long sentBytes() {
        return sent.get();
    }

    private void run() {
        try {
            while (!stopping || attachments > 0) {
                turn();
            }
        } catch (Throwable e) {
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
        // Code of the program may have set it; from then on, no select would wait.
        var unused = Thread.interrupted();
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
        buffers.lend();
        Attachment attachment = (Attachment) key.attachment();
        try {
            attachment.onReady();
        } catch (Throwable e) {
            onDefect(attachment, e);
        }
    }

    private void runTasks() {
        // Before the queue is read: a task that is added meanwhile wakes the selector again.
        woken.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            due.add(task);
        }
        while (!due.isEmpty()) {
            due.remove().run();
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
        buffers.lend();
        try {
            task.run();
        } catch (Throwable e) {
            onDefect(attachment, e);
        }
    }

    private void onDefect(Attachment attachment, Throwable e) {
        buffers.discardOutput();
        String defect = ErrorText.ofDefect(e);
        listener.onWarning(defect);
        try {
            attachment.abort(CloseReason.INTERNAL_ERROR, defect);
        } catch (Throwable again) {
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
