package io.socketz.protocol.reply;

/** How a line of a reply strikes the reader: a terminal may colour it so. */
public enum Tone {
    /** What was asked for. */
    PLAIN,

    /** The name of something, which people copy. */
    IDENTITY,

    /** A remark that all is well. */
    REMARK,

    /** A remark that something is not as it should be. */
    WARNING,

    /** Something was wrong with the request. */
    ERROR
}
