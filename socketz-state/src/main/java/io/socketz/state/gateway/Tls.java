package io.socketz.state.gateway;

import io.socketz.state.etcd.EtcdFailure.Kind;
import io.socketz.state.etcd.EtcdOptions;
import io.socketz.state.etcd.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom to trust, and with what to be trusted, from the files in the options. */
final class Tls {
    private Tls() {}

    /**
     * Reads the files.
     *
     * @throws TlsFileException when one of them can not be used
     */
    static SSLContext context(EtcdOptions options) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(options.certificate(), options.key()), authorities(options.authority()), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS: " + e.getMessage(), e);
        }
    }

    /** Null stands for those that Java trusts. */
    private static TrustManager @Nullable [] authorities(@Nullable Path file)
            throws IOException, GeneralSecurityException {
        if (file == null) {
            return null;
        }
        KeyStore store = emptyStore();
        try {
            for (X509Certificate certificate : PemFiles.certificates(file)) {
                store.setCertificateEntry("authority" + store.size(), certificate);
            }
        } catch (IOException e) {
            throw new TlsFileException(Kind.UNTRUSTED, String.valueOf(e.getMessage()), e);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] keys(@Nullable Path certificateFile, @Nullable Path keyFile)
            throws IOException, GeneralSecurityException {
        if (certificateFile == null || keyFile == null) {
            return null;
        }
        char[] password = {}; // Nobody but this method ever sees the store.
        KeyStore store = emptyStore();
        try {
            List<X509Certificate> chain = PemFiles.certificates(certificateFile);
            PrivateKey key = PemFiles.privateKey(keyFile);
            store.setKeyEntry("client", key, password, chain.toArray(Certificate[]::new));
        } catch (IOException e) {
            throw new TlsFileException(Kind.CLIENT_CERTIFICATE, String.valueOf(e.getMessage()), e);
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
