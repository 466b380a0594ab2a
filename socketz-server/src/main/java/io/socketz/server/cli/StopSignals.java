package io.socketz.server.cli;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * SIGTERM, Ctrl-C (SIGINT) and a terminal that is closed (SIGHUP): the first signal asks for an orderly stop. A second SIGTERM
 * or SIGINT ends the process at once, with the status that a shell gives to a process that died of that signal. A second SIGHUP
 * does not: when a terminal is closed, both the shell and the kernel send one.
 *
 * <p>A shutdown hook would know neither a second signal nor an exit status of 0. {@code sun.misc.Signal} does; it is
 * part of every JDK (module jdk.unsupported), but javac warns of every mention of it, and the warning cannot be turned
 * off; hence the reflection.
 */
public final class StopSignals {
    private final CountDownLatch first = new CountDownLatch(1);

    /**
     * Begins to listen.
     *
     * @param warnings is told, in one line, of a signal that the JVM does not pass on
     */
    public void listen(Consumer<String> warnings) {
        for (String name : List.of("TERM", "INT", "HUP")) {
            try {
                handle(name);
            } catch (ReflectiveOperationException e) {
                // The JVM keeps it for itself (-Xrs), or has no module jdk.unsupported.
                warnings.accept("SIG" + name
                        + " ends this process at once rather than gracefully: the JVM does not pass it on");
            }
        }
    }

    private void handle(String name) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        int number = (int) signalType.getMethod("getNumber").invoke(signal);
        Object handler = Proxy.newProxyInstance(
                StopSignals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                    onSignal(number, !name.equals("HUP"));
                    return null;
                });
        signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
    }

    private void onSignal(int number, boolean insists) {
        if (first.getCount() == 0 && insists) {
            Runtime.getRuntime().halt(128 + number);
        }
        first.countDown();
    }

    /** Ends the wait, as a signal would. */
    public void stop() {
        first.countDown();
    }

    /** Returns when the first signal has come, or after {@link #stop}. */
    public void await() throws InterruptedException {
        first.await();
    }
}
