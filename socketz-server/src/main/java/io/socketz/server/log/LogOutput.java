package io.socketz.server.log;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Gathers what is written until it is flushed. What cannot be written, on a full disk for example, is lost, and what is written
 * after that begins a new line: {@link java.io.BufferedOutputStream} would keep all of it, and append it to the part that was
 * written. For one thread.
 */
public final class LogOutput extends OutputStream {
    private final OutputStream file;
    private final byte[] buffer = new byte[8192];
    private int length;

    /** Whether the last line in the file may be incomplete. */
    private boolean torn;

    /** Writes to {@code file}. */
    public LogOutput(OutputStream file) {
        this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (count > buffer.length - length) {
            send();
        }
        if (count > buffer.length) {
            send(bytes, from, count);
        } else {
            System.arraycopy(bytes, from, buffer, length, count);
            length += count;
        }
    }

    @Override
    public void flush() throws IOException {
        send();
        file.flush();
    }

    private void send() throws IOException {
        int count = length;
        length = 0;
        if (count > 0) {
            send(buffer, 0, count);
        }
    }

    private void send(byte[] bytes, int from, int count) throws IOException {
        if (torn) {
            file.write('\n');
        }
        torn = true;
        file.write(bytes, from, count);
        torn = false;
    }
}
