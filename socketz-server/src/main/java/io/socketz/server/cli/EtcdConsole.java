package io.socketz.server.cli;

import io.socketz.server.log.Console;
import io.socketz.server.log.LogEvent;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdFailure;
import java.time.Duration;
import java.util.Locale;

/** What a person sees of a server's dealings with etcd: a line for each event, with the option that may fix it. */
final class EtcdConsole implements EtcdRegistryListener {
    /** Characters shown of a text from etcd: keys can be of any length. */
    private static final int MAX_CHARACTERS = 200;

    private static final String RETRYING = "; serving from memory and trying again";

    private final Console console;

    EtcdConsole(Console console) {
        this.console = console;
    }

    @Override
    public void onConnected(int members, int clients, long revision) {
        console.print(
                LogEvent.ETCD,
                "etcd: " + count(members, "server") + ", " + count(clients, "client") + " at revision " + revision);
    }

    @Override
    public void onDisconnected(EtcdFailure failure) {
        String detail = ": " + printable(failure.detail());
        console.warn(
                LogEvent.ETCD,
                switch (failure.kind()) {
                    case UNAVAILABLE, TIMEOUT ->
                        "etcd does not answer" + detail + "; serving from memory until it does (--etcd)";
                    case BAD_CREDENTIALS -> "etcd refuses the user" + detail + RETRYING + " (--etcd-user)";
                    case UNTRUSTED -> "etcd's certificate is not trusted" + detail + RETRYING + " (--etcd-ca)";
                    case CLIENT_CERTIFICATE ->
                        "etcd refuses this server's certificate" + detail + RETRYING + " (--etcd-cert)";
                    case NOT_ETCD -> "what answers is not etcd" + detail + RETRYING + " (--etcd)";
                    case REFUSED, LEASE_NOT_FOUND, COMPACTED -> "etcd refuses" + detail + RETRYING + " (--etcd)";
                });
    }

    @Override
    public void onWritesRefused(EtcdFailure failure) {
        boolean forbidden = failure.kind() == EtcdFailure.Kind.BAD_CREDENTIALS;
        console.warn(
                LogEvent.ETCD,
                (forbidden ? "etcd does not let the user write" : "etcd refuses writes")
                        + ": "
                        + printable(failure.detail())
                        + "; until this server can write, other servers do not see who joins or leaves here"
                        + (forbidden ? " (--etcd-user)" : " (--etcd)"));
    }

    @Override
    public void onLapsed(Duration sinceRenewed) {
        console.warn(
                LogEvent.ETCD,
                String.format(
                        Locale.ROOT,
                        "this server was off the roster for a while: its lease, last renewed %.1f s ago, was gone (--lease-ttl)",
                        sinceRenewed.toMillis() / 1000.0));
    }

    @Override
    public void onDataLost(long revision, long before) {
        console.warn(
                LogEvent.ETCD,
                "etcd has lost its data, or another etcd answers: revision " + revision + " after " + before
                        + "; this server writes its clients again (--etcd)");
    }

    @Override
    public void onSkipped(String key, String why) {
        console.warn(LogEvent.ETCD, "skipped in etcd: " + printable(key) + ": " + printable(why) + " (--etcd-prefix)");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** In one line, whatever others have written. */
    static String printable(String text) {
        String line = text.replaceAll("[^ -~]", "?");
        return line.length() <= MAX_CHARACTERS ? line : line.substring(0, MAX_CHARACTERS) + "...";
    }
}
