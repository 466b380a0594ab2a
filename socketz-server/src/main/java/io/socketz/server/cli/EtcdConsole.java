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
                        "etcd does not answer, serving from memory until it does" + detail + " (--etcd)";
                    case BAD_CREDENTIALS -> refused("etcd refuses the user") + detail + " (--etcd-user)";
                    case UNTRUSTED -> refused("etcd's certificate is not trusted") + detail + " (--etcd-ca)";
                    case CLIENT_CERTIFICATE ->
                        refused("etcd refuses this server's certificate") + detail + " (--etcd-cert)";
                    case NOT_ETCD -> refused("what answers is not etcd") + detail + " (--etcd)";
                    case REFUSED, LEASE_NOT_FOUND, COMPACTED -> refused("etcd refuses") + detail + " (--etcd)";
                });
    }

    @Override
    public void onWritesRefused(EtcdFailure failure) {
        boolean forbidden = failure.kind() == EtcdFailure.Kind.BAD_CREDENTIALS;
        console.warn(
                LogEvent.ETCD,
                (forbidden ? "etcd does not let the user write" : "etcd refuses writes")
                        + ", other servers do not see who joins or leaves here, trying again: "
                        + printable(failure.detail())
                        + (forbidden ? " (--etcd-user)" : " (--etcd)"));
    }

    private static String refused(String what) {
        return what + ", serving from memory and trying again";
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
                "etcd has lost its data, or is another one: revision " + revision + " after " + before
                        + "; this server's clients are written again (--etcd)");
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
