package io.socketz.state.etcd;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A model's timeline in real time, on its own thread, which ends when nothing happens. */
final class ModelTime implements Timeline {
    static final String THREAD = "model of etcd";

    private final ModelEtcd etcd;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread created = new Thread(task, THREAD);
        created.setDaemon(true);
        return created;
    });

    /** How far it was moved forward, in nanoseconds. */
    private final AtomicLong forward = new AtomicLong();

    /** Leases of {@code etcd} expire with the first event after they are due. */
    ModelTime(ModelEtcd etcd) {
        this.etcd = etcd;
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public long now() {
        return System.nanoTime() + forward.get();
    }

    /** Moves the time forward. */
    void pass(long seconds) {
        forward.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        at(now(), () -> {});
    }

    @Override
    public void at(long time, Runnable event) {
        var unused = thread.schedule(
                () -> {
                    etcd.expire(now());
                    event.run();
                },
                Math.max(0, time - now()),
                TimeUnit.NANOSECONDS);
    }
}
