package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code serve --check} says of a real etcd. */
class ServeCheckIT {
    private static EtcdCluster etcd;

    @TempDir
    Path directory;

    @BeforeAll
    static void startEtcd() {
        etcd = EtcdCluster.start(1);
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    private static Child.Result check(String... options) throws Exception {
        return Child.of(Checkout.socketz("serve", "--check", "--etcd=" + etcd.endpoint(0)))
                .append(options)
                .run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd", "gateway"})
    void anEtcdThatAnswersIsWell(String state) throws Exception {
        Child.Result result = check("--state=" + state);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("(?m)^ok: --etcd: " + etcd.endpoint(0) + " answers, at revision \\d+$");
    }

    /** A server has its user before users are switched on. */
    @ParameterizedTest
    @ValueSource(strings = {"etcd", "gateway"})
    void anEtcdThatWantsNoUserIsWellThoughAUserIsGiven(String state) throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "secret\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Child.Result result = check("--state=" + state, "--etcd-user=socketz", "--etcd-password-file=" + password);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("ok: --etcd: " + etcd.endpoint(0) + " answers, at revision ");
    }
}
