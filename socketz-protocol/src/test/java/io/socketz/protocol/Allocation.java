package io.socketz.protocol;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Measures how many bytes code allocates. */
public final class Allocation {
    private static final int ROUNDS = 20;

    /**
     * {@code com.sun.management.ThreadMXBean.getCurrentThreadAllocatedBytes}, bound to the platform's bean. It is found
     * by name, because the module under test reads neither java.management nor jdk.management.
     */
    private static final MethodHandle ALLOCATED_BYTES = allocatedBytes();

    private Allocation() {}

    /** The bytes that {@code task} allocates on this thread once it is warm: the minimum of several rounds. */
    public static long of(Runnable task) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            least = Math.min(least, ofOne(task));
        }
        return least;
    }

    /** The bytes that a single cold run of {@code task} allocates on this thread. */
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
