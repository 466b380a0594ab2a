package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.DurationHistogram.Bucket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DurationRecorderTest {
    private final DurationRecorder recorder = DurationRecorder.ofLives();

    private void record(long millis) {
        recorder.record(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void aBucketCountsUpToItsBoundAndAllBeforeIt() {
        record(100);
        record(101);
        record(TimeUnit.DAYS.toMillis(2));
        DurationHistogram read = recorder.read();
        assertThat(read.buckets())
                .startsWith(new Bucket(0.1, 1), new Bucket(1, 2))
                .endsWith(new Bucket(86_400, 2), new Bucket(Double.POSITIVE_INFINITY, 3));
        assertThat(read.count()).isEqualTo(3);
        assertThat(read.sumSeconds()).isEqualTo(172_800.201);
    }

    @Test
    void nothingIsShorterThanNothing() {
        recorder.record(-5);
        assertThat(recorder.read().sumSeconds()).isZero();
        assertThat(recorder.read().buckets().get(0).count()).isEqualTo(1);
    }
}
