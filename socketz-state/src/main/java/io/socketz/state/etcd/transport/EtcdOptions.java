package io.socketz.state.etcd.transport;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach etcd, over gRPC or its gateway.
 *
 * @param endpoints one or more, {@code http://host:port} or {@code https://host:port}, without a user; a host name
 *     with several addresses stands for all of them
 * @param user null if etcd asks for none
 * @param password of that user; null if there is no user
 * @param authority file with the certificates (PEM) to trust for etcd; null for those that Java trusts
 * @param certificate file with this client's certificate chain (PEM); null if etcd asks for none
 * @param key file with the private key of that certificate (PEM, PKCS #8); null if there is no certificate
 */
public record EtcdOptions(
        List<URI> endpoints,
        @Nullable String user,
        @Nullable String password,
        @Nullable Path authority,
        @Nullable Path certificate,
        @Nullable Path key) {
    /** @throws IllegalArgumentException if there is no endpoint, or one that is not as above */
    public EtcdOptions {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no endpoints");
        }
        for (URI endpoint : endpoints) {
            String where = String.valueOf(endpoint.getRawAuthority());
            if (where.indexOf('@') >= 0) {
                // The message does not show the endpoint: it may contain a password.
                throw new IllegalArgumentException(
                        "an endpoint must not contain a user: give user and password separately");
            }
            String scheme = String.valueOf(endpoint.getScheme());
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw new IllegalArgumentException(endpoint + " is neither http:// nor https://");
            }
            if (Endpoints.host(endpoint).isEmpty()) {
                throw new IllegalArgumentException(endpoint + " has no host");
            }
        }
    }

    /** No user and no TLS. */
    public static EtcdOptions of(List<URI> endpoints) {
        return new EtcdOptions(endpoints, null, null, null, null, null);
    }

    /** The same options without user and password. */
    public EtcdOptions withoutUser() {
        return new EtcdOptions(endpoints, null, null, authority, certificate, key);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "EtcdOptions[endpoints=" + endpoints + ", user=" + user + "]";
    }
}
