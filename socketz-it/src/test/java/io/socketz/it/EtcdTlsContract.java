package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import io.socketz.state.etcd.transport.Write;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transports with an etcd that requires TLS and client certificates. */
abstract class EtcdTlsContract extends EtcdContract {
    static final Request<Long> REVISION = (transport, answer) -> transport.revision("/tls/", answer);

    @TempDir
    private static Path folder;

    EtcdTlsContract(Way way) {
        super(way);
    }

    @BeforeAll
    static void startEtcd() throws Exception {
        authority("ca");
        authority("other-ca");
        certificate("server", "ca", "IP:127.0.0.1,DNS:etcd.test", "serverAuth,clientAuth");
        certificate("client", "ca", "DNS:socketz", "clientAuth");
        certificate("stranger", "other-ca", "DNS:socketz", "clientAuth");
        cluster = EtcdCluster.start(
                1,
                "https",
                List.of(
                        "--cert-file=" + file("server.pem"),
                        "--key-file=" + file("server.key"),
                        "--client-cert-auth",
                        "--trusted-ca-file=" + file("ca.pem")),
                List.of("--cacert=" + file("ca.pem"), "--cert=" + file("client.pem"), "--key=" + file("client.key")));
    }

    @Test
    void worksWithAuthorityAndClientCertificate() {
        assertAllWorks(open(cluster.endpoint(0), "ca", "client"));
    }

    @Test
    void aCertificateForAnotherNameIsNotTrusted() {
        URI name = URI.create("https://localhost:" + cluster.endpoint(0).getPort());

        assertUntrusted(open(name, "ca", "client"), "No subject alternative DNS name matching localhost found.");
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsNotTrusted() {
        String why = "unable to find valid certification path to requested target";

        assertUntrusted(open(cluster.endpoint(0), null, "client"), why);
        assertUntrusted(open(cluster.endpoint(0), "other-ca", "client"), why);
    }

    private static void assertUntrusted(TransportProbe probe, String why) {
        EtcdFailure failure = probe.askInVain(REVISION);
        assertThat(failure.kind()).as(failure.detail()).isEqualTo(Kind.UNTRUSTED);
        assertThat(failure.detail()).endsWith(": certificate not trusted: " + why);
        EtcdFailure end = probe.watch("/tls/", "/tls0", 1).awaitEnd();
        assertThat(end.kind()).as(end.detail()).isEqualTo(Kind.UNTRUSTED);
    }

    @Test
    void aMissingOrRejectedClientCertificateIsReportedAsSuch() {
        for (String certificate : new String[] {null, "stranger"}) {
            TransportProbe probe = open(cluster.endpoint(0), "ca", certificate);
            assertThat(refusal(probe)).isEqualTo(Kind.CLIENT_CERTIFICATE);
            EtcdFailure end = probe.watch("/tls/", "/tls0", 1).awaitEnd();
            assertThat(end.kind()).as(end.detail()).isIn(Kind.CLIENT_CERTIFICATE, Kind.UNAVAILABLE);
        }
    }

    /** Etcd sends the reason and closes the connection at once: sometimes the reset overtakes the reason. */
    private static Kind refusal(TransportProbe probe) {
        EtcdFailure failure = probe.askInVain(REVISION);
        for (int i = 0; i < 20 && failure.kind() == Kind.UNAVAILABLE; i++) {
            failure = probe.askInVain(REVISION);
        }
        return failure.kind();
    }

    @Test
    void namesFilesThatCannotBeUsed() throws Exception {
        Files.writeString(file("empty.pem"), "");
        EtcdFailure failure = open(cluster.endpoint(0), "empty", "client").askInVain(REVISION);
        assertThat(failure.kind()).isEqualTo(Kind.UNTRUSTED);
        assertThat(failure.detail()).startsWith(file("empty.pem") + ": ");

        EtcdFailure missing = open(cluster.endpoint(0), "ca", "missing").askInVain(REVISION);
        assertThat(missing.kind()).isEqualTo(Kind.CLIENT_CERTIFICATE);
        assertThat(missing.detail()).startsWith(file("missing.pem").toString());
    }

    @Test
    void replacedFilesAreUsedForTheNextConnection() throws Exception {
        use("stranger", "other-ca");
        TransportProbe probe = open(cluster.endpoint(0), "current-ca", "current");
        assertThat(refusal(probe)).isEqualTo(Kind.UNTRUSTED);

        use("stranger", "ca");
        assertThat(refusal(probe)).isEqualTo(Kind.CLIENT_CERTIFICATE);

        use("client", "ca");
        assertAllWorks(probe);
    }

    private static void use(String certificate, String authority) throws Exception {
        for (List<String> copy : List.of(
                List.of(authority + ".pem", "current-ca.pem"),
                List.of(certificate + ".pem", "current.pem"),
                List.of(certificate + ".key", "current.key"))) {
            Files.copy(file(copy.get(0)), file(copy.get(1)), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void aClientWithoutTlsIsNotServed() {
        URI plain = URI.create("http://127.0.0.1:" + cluster.endpoint(0).getPort());

        EtcdFailure failure = open(plain, null, null).askInVain(REVISION);

        assertThat(failure.kind()).as(failure.detail()).isIn(Kind.UNAVAILABLE, Kind.NOT_ETCD);
    }

    static final void assertAllWorks(TransportProbe probe) {
        long lease = probe.ask((transport, answer) -> transport.grantLease(60, answer));
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
        Watched watched = probe.watch("/tls/", "/tls0", probe.ask(REVISION) + 1).awaitCreated();
        Write put = new Write.Put("/tls/key", new byte[1], lease);
        long revision = probe.ask(TransportProbe.commit(put)).revision();
        assertThat(watched.awaitEvents(1).get(0).revision()).isEqualTo(revision);
    }

    final TransportProbe open(URI endpoint, @Nullable String authority, @Nullable String certificate) {
        EtcdOptions options = new EtcdOptions(
                List.of(endpoint),
                null,
                null,
                authority == null ? null : file(authority + ".pem"),
                certificate == null ? null : file(certificate + ".pem"),
                certificate == null ? null : file(certificate + ".key"));
        return open(options);
    }

    // ------------------------------------------------------------ certificates

    private static Path file(String name) {
        return folder.resolve(name);
    }

    private static void authority(String name) throws Exception {
        openssl(("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=%1$s"
                        + " -keyout %1$s.key -out %1$s.pem")
                .formatted(name));
    }

    private static void certificate(String name, String authority, String names, String usage) throws Exception {
        Files.writeString(file(name + ".ext"), "subjectAltName=" + names + "\nextendedKeyUsage=" + usage + "\n");
        openssl(("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%1$s"
                        + " -keyout %1$s.key -out %1$s.csr")
                .formatted(name));
        openssl(
                "x509 -req -in %1$s.csr -CA %2$s.pem -CAkey %2$s.key -CAcreateserial -days 2 -extfile %1$s.ext -out %1$s.pem"
                        .formatted(name, authority));
    }

    private static void openssl(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        for (String argument : arguments.split(" ", -1)) {
            boolean isFile = argument.matches("[a-z-]+\\.(key|pem|csr|ext)");
            command.add(isFile ? file(argument).toString() : argument);
        }
        Child.Result result = Child.of(command).run();
        assertThat(result.status()).as(result.err()).isZero();
    }
}
