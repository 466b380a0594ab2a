package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An operator with etcdctl, who makes mistakes. */
final class Operator {
    private final EtcdCluster cluster;

    Operator(EtcdCluster cluster) {
        this.cluster = cluster;
    }

    /** etcd's. */
    long revision() {
        return number("\"revision\":(\\d+)", cluster.etcdctl("get", "nothing", "-w", "json"));
    }

    /** The first key with this prefix; empty if there is none. */
    String firstKey(String prefix) {
        return cluster.etcdctl("get", "--prefix", "--keys-only", "--limit=1", prefix)
                .strip();
    }

    /** Revokes the lease of the first key with this prefix, read in one request, because clients leave meanwhile. */
    void revokeLeaseOf(String prefix) {
        long lease = number("\"lease\":(\\d+)", cluster.etcdctl("get", "--prefix", "--limit=1", prefix, "-w", "json"));
        assertThat(cluster.etcdctl("lease", "revoke", Long.toHexString(lease))).contains("revoked");
    }

    /** Deletes the first key with this prefix; the next one if its client leaves before. */
    void deleteFirst(String prefix) {
        for (int tries = 0; tries < 20; tries++) {
            if (delete(firstKey(prefix)) == 1) {
                return;
            }
        }
        throw new AssertionError("no key with the prefix " + prefix + " stayed long enough to be deleted");
    }

    /** Takes the arguments of {@code etcdctl del}; returns the number of deleted keys. */
    long delete(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.add(0, "del");
        return Long.parseLong(cluster.etcdctl(command.toArray(String[]::new)).strip());
    }

    void put(String key, String value) {
        assertThat(cluster.etcdctl("put", key, "--", value)).isEqualTo("OK\n");
    }

    private static long number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    List<String> keys(String prefix) {
        return cluster.etcdctl("get", "--prefix", "--keys-only", prefix)
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
