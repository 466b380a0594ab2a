package io.socketz.client.bench;

/** What is measured is {@code [start, end)}; before, from {@code begin}, is the warm-up. All as {@link System#nanoTime}. */
record Window(long begin, long start, long end) {
    static Window of(Load load, long now) {
        long start = now + load.warmup();
        return new Window(now, start, start + load.duration());
    }
}
