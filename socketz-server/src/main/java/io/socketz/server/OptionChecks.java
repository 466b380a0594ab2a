package io.socketz.server;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.protocol.line.LineFramer;
import io.socketz.server.command.Wording;
import java.net.InetAddress;
import java.time.Duration;

/** What the options of a server may be. Each method returns a value that may be used, or throws with what is wrong. */
final class OptionChecks {
    private static final int MAX_LOOPS = 1024;

    /** Far from where nanoseconds would overflow. */
    private static final Duration LONGEST = Duration.ofDays(70 * 365);

    private OptionChecks() {}

    static int port(int port, String what) {
        return inRange(port, 0, 65_535, what);
    }

    static String name(String name) {
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("name: has control characters");
        }
        return name;
    }

    /** The {@code host:port}, as it is shown. */
    static String advertised(String address) {
        HostPort parsed = HostPort.parse(address);
        if (parsed.port() == 0) {
            throw new IllegalArgumentException("'" + parsed + "' has port 0, which nobody can reach");
        }
        if (IpLiteral.parse(parsed.host())
                .filter(InetAddress::isAnyLocalAddress)
                .isPresent()) {
            throw new IllegalArgumentException("'" + parsed + "' stands for all addresses of any machine");
        }
        return parsed.toString();
    }

    static int loops(int loops) {
        return inRange(loops, 1, MAX_LOOPS, "loops");
    }

    static String greeting(String line) {
        if (!Wording.isGreeting(line)) {
            throw new IllegalArgumentException("not a greeting of one line");
        }
        return line;
    }

    static String usage(String line) {
        if (!Wording.isUsage(line)) {
            throw new IllegalArgumentException("not a usage line");
        }
        return line;
    }

    static int lineLength(int bytes) {
        return inRange(bytes, 1, LineFramer.LARGEST_MAX_LENGTH, "line length");
    }

    static int connections(int connections) {
        return inRange(connections, 0, Integer.MAX_VALUE, "connections");
    }

    static int perAddress(int connections) {
        return inRange(connections, 0, Integer.MAX_VALUE, "connections per address");
    }

    static long outboundBytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("outbound bytes: " + bytes + " is less than 0");
        }
        return bytes;
    }

    /** At most {@link #LONGEST}. */
    static long nanos(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a time of " + time + " is negative");
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
    }

    private static int inRange(int value, int least, int most, String what) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": " + value + " is not from " + least + " to " + most);
        }
        return value;
    }
}
