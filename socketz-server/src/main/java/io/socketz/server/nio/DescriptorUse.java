package io.socketz.server.nio;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many file descriptors the process has open, and how many it may have. Counted again after a second at the earliest,
 * since that takes milliseconds when there are many. From any thread.
 */
public final class DescriptorUse {
    private static final long NEW_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * The numbers at some time.
     *
     * @param open 0 if the platform does not tell
     * @param max a large number if the platform does not tell
     * @param countedAt when, as {@link System#nanoTime}
     */
    public record Count(long open, long max, long countedAt) {}

    private volatile @Nullable Count last;

    /** Nothing was counted yet. */
    public DescriptorUse() {}

    /**
     * The numbers now, or less than a second ago.
     *
     * @param now as {@link System#nanoTime}
     */
    public Count count(long now) {
        Count known = last;
        if (known == null || now - known.countedAt >= NEW_FOR_NANOS) {
            known = new Count(FileDescriptors.open(), FileDescriptors.limit(), now);
            last = known;
        }
        return known;
    }
}
