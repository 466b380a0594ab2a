package io.socketz.client.bench;

/** The warm-up is {@code [begin, start)}, the measurement {@code [start, end)}. All as {@link System#nanoTime}. */
record Window(long begin, long start, long end) {
    static Window of(Load load, long now) {
        long start = now + load.warmup();
        return new Window(now, start, start + load.duration());
    }
}
