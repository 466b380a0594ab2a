package io.socketz.protocol.request;

/** Who may use a command. */
public enum Access {
    /** Every client. */
    ANYONE,

    /** Clients that have proven to be administrators. */
    ADMINISTRATORS
}
