package io.socketz.it.load;

import io.socketz.it.load.PresenceHistory.Lapse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Records when one member of etcd deletes member keys of servers; resumes where it was when that member comes back. It
 * reads etcd's own JSON gateway, without Socketz's code. One thread.
 */
final class LapseWatch implements AutoCloseable {
    private static final String MEMBERS = "/socketz/v1/members/";
    private static final int CONNECT_MILLIS = 1_000;
    private static final int PAUSE_MILLIS = 100;

    private static final Pattern DELETED = Pattern.compile("\"type\":\"DELETE\",\"kv\":\\{\"key\":\"([^\"]+)\"");
    private static final Pattern HEADER_REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");
    private static final Pattern EVENT_REVISION = Pattern.compile("\"mod_revision\":\"(\\d+)\"");

    private final URI etcd;
    private final PresenceHistory history;

    /** What the watch has brought everything of; 0 before the first one. For the thread alone. */
    private long revision;

    private volatile @Nullable Socket socket;

    private volatile boolean closed;

    private LapseWatch(URI etcd, PresenceHistory history) {
        this.etcd = etcd;
        this.history = history;
    }

    /** Watches from now on, or from when that member of etcd is up. */
    static LapseWatch start(URI etcd, PresenceHistory history) {
        LapseWatch watch = new LapseWatch(etcd, history);
        Thread thread = new Thread(watch::run, "watch of the member keys at " + etcd);
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    watch();
                } catch (IOException e) {
                    // this member of etcd is down
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    /** HTTP/1.0 has no chunks: what follows the head are lines, until the end. And a socket can be closed under a read. */
    private void watch() throws IOException {
        try (Socket open = new Socket()) {
            socket = open;
            if (closed) {
                return;
            }
            open.connect(new InetSocketAddress(etcd.getHost(), etcd.getPort()), CONNECT_MILLIS);
            String body = request();
            String head = "POST /v3/watch HTTP/1.0\r\nContent-Length: " + body.length() + "\r\n\r\n";
            open.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(open.getInputStream(), StandardCharsets.UTF_8));
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                onAnswer(line, System.nanoTime());
            }
        }
    }

    private String request() {
        String from = revision == 0 ? "" : ",\"start_revision\":\"" + (revision + 1) + "\"";
        return "{\"create_request\":{\"key\":\"%s\",\"range_end\":\"%s\"%s}}"
                .formatted(base64(MEMBERS), base64(MEMBERS.substring(0, MEMBERS.length() - 1) + '0'), from);
    }

    private void onAnswer(String line, long now) {
        Matcher deleted = DELETED.matcher(line);
        while (deleted.find()) {
            String key = new String(Base64.getDecoder().decode(deleted.group(1)), StandardCharsets.UTF_8);
            history.add(new Lapse(UUID.fromString(key.substring(MEMBERS.length())), now));
        }
        // Of a watch that resumes, the first answer has the revision of now, though the events are still to come.
        Pattern number = revision == 0 ? HEADER_REVISION : EVENT_REVISION;
        for (Matcher found = number.matcher(line); found.find(); ) {
            revision = Math.max(revision, Long.parseLong(found.group(1)));
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        closed = true;
        Socket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // it is closed
            }
        }
    }
}
