package io.socketz.server.cli;

import io.socketz.protocol.address.HostPort;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where etcd is, in the form that etcd's own tools take: {@code http://etcd01:2379,http://etcd02}.
 *
 * @param urls one or more, all http or all https, each with just a host and a port
 */
record EtcdUrls(List<URI> urls) {
    private static final int DEFAULT_PORT = 2379;
    private static final Pattern FORMAT = Pattern.compile("(https?)://([^/@]+)/?");

    static final EtcdUrls DEFAULT = parse("http://localhost");

    /** @throws IllegalArgumentException with a message of one line for the user */
    static EtcdUrls parse(String text) {
        if (text.indexOf('@') >= 0) {
            // The message does not quote the text: what precedes '@' may be a password.
            throw new IllegalArgumentException(
                    "a user goes in --etcd-user, its password in " + ClusterOptions.PASSWORD_VARIABLE);
        }
        List<URI> urls = new ArrayList<>();
        for (String url : text.split(",", -1)) {
            urls.add(url(url));
        }
        if (urls.stream().map(URI::getScheme).distinct().count() > 1) {
            // What goes to one server encrypted must not go to another in the clear.
            throw new IllegalArgumentException("http and https do not go together");
        }
        return new EtcdUrls(List.copyOf(urls));
    }

    boolean isSecure() {
        return urls.get(0).getScheme().equals("https");
    }

    private static URI url(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw notUrl(text, "");
        }
        HostPort address = address(text, matcher.group(2));
        URI url = URI.create(matcher.group(1) + "://" + address);
        if (url.getHost() == null && url.getScheme().equals("https")) {
            // RFC 2396 section 3.2.2: no '_'. Without TLS the name does not matter; no certificate can be for it.
            throw notUrl(text, ": https does not take such a host name");
        }
        return url;
    }

    private static HostPort address(String url, String text) {
        // An IPv6 address has colons of its own, in brackets.
        boolean hasPort = text.startsWith("[") ? !text.endsWith("]") : text.indexOf(':') >= 0;
        HostPort address;
        try {
            address = HostPort.parse(hasPort ? text : text + ":" + DEFAULT_PORT);
        } catch (IllegalArgumentException e) {
            throw notUrl(url, ": " + e.getMessage());
        }
        if (address.port() == 0) {
            throw notUrl(url, ": port 0");
        }
        return address;
    }

    private static IllegalArgumentException notUrl(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is not a URL like http://etcd01:2379" + why);
    }
}
