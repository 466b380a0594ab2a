package io.socketz.protocol.reply;

/** What a line of a reply means to a person: a terminal may choose its colour by it. */
public enum Tone {
    /** What was asked for. */
    PLAIN,

    /** An id, which people copy. */
    IDENTITY,

    /** Additional information: nothing is wrong. */
    REMARK,

    /** Additional information: something is not as it should be. */
    WARNING,

    /** The request was refused. */
    ERROR
}
