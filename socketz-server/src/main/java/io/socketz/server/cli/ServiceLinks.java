package io.socketz.server.cli;

import java.util.regex.Pattern;

/**
 * Environment variables that Kubernetes sets in a pod for each Service of its namespace, here for one whose name is {@code
 * socketz} or begins with {@code socketz-}. They have the names of options, and nobody means them.
 */
final class ServiceLinks {
    private static final Pattern NAME = Pattern.compile(
            "SOCKETZ_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)");

    private static final Pattern URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private ServiceLinks() {}

    /** Whether Kubernetes has set this variable: {@code SOCKETZ_PORT=tcp://10.0.0.1:5151}. */
    static boolean isSet(String name, String value) {
        return NAME.matcher(name).matches()
                || (name.endsWith("_PORT") && URL.matcher(value).matches());
    }
}
