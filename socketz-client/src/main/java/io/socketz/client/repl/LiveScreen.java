package io.socketz.client.repl;

import io.socketz.client.repl.PromptConsole.Painter;
import io.socketz.client.repl.PromptConsole.Picture;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * A picture on the terminal's alternate screen, repainted at an interval and when the window is resized. At the end,
 * the old screen comes back.
 */
final class LiveScreen implements Closeable {
    private static final int CTRL_C = 3;
    private static final int CTRL_D = 4;

    private final Terminal terminal;
    private final Attributes attributes;
    private final SignalHandler onResize;

    /** What is shown. Guarded by this: resizes come on a thread of their own. */
    private Picture picture = (columns, rows) -> List.of();

    private boolean open = true;

    LiveScreen(Terminal terminal) {
        this.terminal = terminal;
        this.attributes = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(LocalFlag.ISIG, true); // Ctrl-C must interrupt the wait for an answer
        terminal.setAttributes(raw);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        this.onResize = terminal.handle(Signal.WINCH, signal -> draw());
    }

    /** Runs until q, Ctrl-C or Ctrl-D. */
    void run(Duration interval, Painter painter) throws IOException {
        try {
            do {
                Picture next = painter.paint();
                synchronized (this) {
                    picture = next;
                }
                draw();
            } while (!isLeftWithin(interval));
        } catch (InterruptedException | InterruptedIOException e) {
            // Ctrl-C leaves, as q does.
            Thread.interrupted();
        }
    }

    private boolean isLeftWithin(Duration interval) throws IOException, InterruptedException {
        long end = System.nanoTime() + interval.toNanos();
        for (long rest = interval.toMillis(); rest > 0; rest = (end - System.nanoTime()) / 1_000_000) {
            int key = terminal.reader().read(rest);
            if (key == 'q' || key == 'Q' || key == CTRL_C || key == CTRL_D || key == NonBlockingReader.EOF) {
                return true;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("Ctrl-C");
            }
        }
        return false;
    }

    private synchronized void draw() {
        if (!open) {
            return;
        }
        int columns = Math.max(1, terminal.getSize().getColumns());
        int rows = Math.max(1, terminal.getSize().getRows());
        List<String> lines = picture.lines(columns, rows);
        terminal.puts(Capability.cursor_home);
        for (int i = 0; i < Math.min(rows, lines.size()); i++) {
            if (i > 0) {
                terminal.writer().write("\r\n");
            }
            // One column less: some terminals wrap at once in the last one.
            terminal.writer()
                    .write(AttributedString.fromAnsi(lines.get(i))
                            .columnSubSequence(0, columns - 1)
                            .toAnsi(terminal));
            terminal.puts(Capability.clr_eol);
        }
        terminal.puts(Capability.clr_eos);
        terminal.flush();
    }

    @Override
    public synchronized void close() {
        open = false;
        terminal.handle(Signal.WINCH, onResize);
        terminal.puts(Capability.cursor_normal);
        terminal.puts(Capability.exit_ca_mode);
        terminal.setAttributes(attributes);
        terminal.flush();
    }
}
