package io.socketz.state.etcd;

import java.util.List;

/** Writes down which keys were skipped. */
final class SkippedKeysRecorder {
    private SkippedKeysRecorder() {}

    /** Adds {@code KEY: WHY} to {@code skipped} for each key. */
    static SkippedKeys into(List<String> skipped) {
        return new SkippedKeys(new EtcdRegistryListener() {
            @Override
            public void onSkipped(String key, String why) {
                skipped.add(key + ": " + why);
            }
        });
    }
}
