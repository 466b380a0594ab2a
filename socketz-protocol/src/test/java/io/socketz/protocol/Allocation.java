package io.socketz.protocol;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Measures what code allocates. */
public final class Allocation {
    private static final int ROUNDS = 20;

    /**
     * {@code com.sun.management.ThreadMXBean.getCurrentThreadAllocatedBytes} of the platform's bean, bound to it. By
     * name, since the module under test reads neither java.management nor jdk.management.
     */
    private static final MethodHandle ALLOCATED_BYTES = allocatedBytes();

    private Allocation() {}

    /** The bytes that {@code task} allocates on this thread once it is warm: the least of some rounds. */
    public static long of(Runnable task) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            least = Math.min(least, ofOne(task));
        }
        return least;
    }

    /** The bytes that {@code task} allocates on this thread, run once and cold. */
    public static long ofOne(Runnable task) {
        long before = allocated();
        task.run();
        return allocated() - before;
    }

    private static long allocated() {
        try {
            return (long) ALLOCATED_BYTES.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle allocatedBytes() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
            Class<?> threads = Class.forName("java.lang.management.ThreadMXBean");
            Class<?> hotSpotThreads = Class.forName("com.sun.management.ThreadMXBean");
            Object bean = lookup.findStatic(factory, "getThreadMXBean", MethodType.methodType(threads))
                    .invoke();
            return lookup.findVirtual(
                            hotSpotThreads, "getCurrentThreadAllocatedBytes", MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
