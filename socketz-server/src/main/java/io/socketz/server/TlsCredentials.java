package io.socketz.server;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The certificate that a server shows, and whom it trusts: read from files, and again when clients connect, a second after
 * the last time. While the files cannot be used, what was read last stays. From any thread: a disk keeps none of them waiting.
 */
final class TlsCredentials implements Supplier<SSLContext> {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TlsOptions files;
    private final Executor reader;
    private final Consumer<String> warnings;
    private final AtomicBoolean reading = new AtomicBoolean();

    private volatile long readAt;
    private volatile SSLContext context;

    /** Owned by whoever has set {@link #reading}, as is the fault. */
    private TlsContent content;

    /** What was wrong with the files when they were last read; empty if nothing was. */
    private String fault = "";

    /**
     * Reads the files.
     *
     * @param reader reads them again
     * @param warnings hears, once, that the files cannot be used any more, and that they can again
     * @throws TlsException if they cannot be used
     */
    TlsCredentials(TlsOptions files, Executor reader, Consumer<String> warnings) throws TlsException {
        this.files = files;
        this.reader = reader;
        this.warnings = warnings;
        this.content = files.read();
        this.context = content.context();
        this.readAt = System.nanoTime();
    }

    /** What a new connection is secured with. */
    @Override
    public SSLContext get() {
        if (System.nanoTime() - readAt > LOOK_NANOS && reading.compareAndSet(false, true)) {
            reader.execute(this::readAgain);
        }
        return context;
    }

    private void readAgain() {
        try {
            TlsContent now = files.read();
            if (!now.equals(content)) {
                context = now.context();
                content = now;
            }
            if (!fault.isEmpty()) {
                fault = "";
                warnings.accept("the TLS files are usable again: new connections use them");
            }
        } catch (TlsException e) {
            String why = String.valueOf(e.getMessage());
            if (!fault.equals(why)) {
                fault = why;
                warnings.accept("keeping the old TLS certificate: " + why);
            }
        } finally {
            readAt = System.nanoTime();
            reading.set(false);
        }
    }
}
