package io.socketz.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The member key of a server, read from etcd's own JSON gateway without Socketz's code. Etcd decides when a lease
 * expires, so tests measure from the moment when it deletes the key.
 */
final class MemberKey implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final URI etcd;
    private final String key;
    private final HttpURLConnection watch;
    private final FutureTask<Long> deletion;

    private MemberKey(URI etcd, String key, HttpURLConnection watch, BufferedReader events) {
        this.etcd = etcd;
        this.key = key;
        this.watch = watch;
        this.deletion = new FutureTask<>(() -> readDeletion(events));
        Thread thread = new Thread(deletion, "watch of a member key");
        thread.setDaemon(true);
        thread.start();
    }

    /** Watches the key of that server, with the usual prefix, from now on. */
    static MemberKey watch(URI etcd, UUID server) throws IOException {
        return watch(etcd, "/socketz/v1/members/", server);
    }

    /** The same, with the prefix of all member keys. */
    static MemberKey watch(URI etcd, String members, UUID server) throws IOException {
        String key = base64(members + server);
        HttpURLConnection watch = post(etcd, "/v3/watch", "{\"create_request\":{\"key\":\"" + key + "\"}}");
        watch.setReadTimeout((int) LIMIT.toMillis());
        BufferedReader events =
                new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8));
        String created = events.readLine();
        if (created == null || !created.contains("\"created\":true")) {
            throw new AssertionError("etcd did not begin a watch: " + created);
        }
        return new MemberKey(etcd, key, watch, events);
    }

    /** The time to live that its lease was granted. */
    Duration timeToLive() throws IOException {
        String lease = number("lease", answer("/v3/kv/range", "{\"key\":\"" + key + "\"}"));
        return Duration.ofSeconds(
                Long.parseLong(number("grantedTTL", answer("/v3/lease/timetolive", "{\"ID\":\"" + lease + "\"}"))));
    }

    /** Waits until the key is deleted, and returns when that was seen, as {@link System#nanoTime}. */
    long awaitDeletion() throws Exception {
        return deletion.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static long readDeletion(BufferedReader events) throws IOException {
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.contains("\"DELETE\"")) {
                return System.nanoTime();
            }
        }
        throw new IOException("the watch has ended");
    }

    private String answer(String path, String body) throws IOException {
        HttpURLConnection call = post(etcd, path, body);
        try {
            return new String(call.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            call.disconnect();
        }
    }

    private static HttpURLConnection post(URI etcd, String path, String body) throws IOException {
        HttpURLConnection call = (HttpURLConnection) etcd.resolve(path).toURL().openConnection();
        call.setDoOutput(true);
        call.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        return call;
    }

    private static String number(String field, String json) {
        Matcher found = Pattern.compile("\"" + field + "\":\"(\\d+)\"").matcher(json);
        if (!found.find()) {
            throw new AssertionError("no " + field + " in " + json);
        }
        return found.group(1);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        watch.disconnect();
    }
}
