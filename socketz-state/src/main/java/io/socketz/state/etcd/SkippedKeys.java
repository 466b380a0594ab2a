package io.socketz.state.etcd;

import java.util.HashSet;
import java.util.Set;

/** Reports each key that is of no use once; of a flood of them only the first {@value #MAX_REPORTED}. */
final class SkippedKeys {
    private static final int MAX_REPORTED = 1_000;
    private static final int MAX_LENGTH = 200;

    private final EtcdRegistryListener listener;
    private final Set<String> reported = new HashSet<>();

    SkippedKeys(EtcdRegistryListener listener) {
        this.listener = listener;
    }

    void add(String longKey, String why) {
        String key = longKey.length() > MAX_LENGTH ? longKey.substring(0, MAX_LENGTH) : longKey;
        if (reported.size() < MAX_REPORTED && reported.add(key)) {
            listener.onSkipped(key, why);
        }
    }
}
