package io.socketz.protocol.proxy;

/**
 * The bytes are not a PROXY protocol header, and the connection must be closed (section 2.1: "abort the connection as
 * soon as possible"). The message is one line and never shows what was sent. There is no stack trace, since anyone who
 * connects can cause this exception as often as they like.
 */
public final class ProxyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong: the first mistake in the header. */
    public enum Reason {
        /** A byte that neither version's signature has at this place. */
        BAD_SIGNATURE("no PROXY protocol signature"),
        /** A version 1 line of more than 107 bytes, or a version 2 length of more than 4,096. */
        TOO_LONG("longer than allowed"),
        /** A version 2 length that is too small for the addresses of its family. */
        TRUNCATED("too short for its addresses"),
        /** Version 1: a CR or LF without the other. */
        BAD_LINE_END("the line does not end with CRLF"),
        /** The binary signature with a version other than 2. */
        BAD_VERSION("unknown version"),
        /** Version 2: a command other than LOCAL and PROXY. */
        BAD_COMMAND("unknown command"),
        /** An unassigned address family; in version 1 anything but TCP4, TCP6 and UNKNOWN. */
        BAD_FAMILY("unknown address family"),
        /** Version 2: an unassigned transport, or datagrams. */
        BAD_TRANSPORT("not a stream transport"),
        /** Version 1: something other than an address of the announced family. */
        BAD_ADDRESS("not an address of its family"),
        /** Version 1: something other than a port from 0 to 65535. */
        BAD_PORT("not a port");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;

    ProxyException(Reason reason) {
        super("bad PROXY header: " + reason.text, null, false, false);
        this.reason = reason;
    }

    /** What is wrong with the header. */
    public Reason reason() {
        return reason;
    }

    static void check(boolean right, Reason otherwise) throws ProxyException {
        if (!right) {
            throw new ProxyException(otherwise);
        }
    }
}
