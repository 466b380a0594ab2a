package io.socketz.it.load;

import java.io.IOException;

/** A server gave an impossible answer. */
public final class WrongAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    WrongAnswerException(String message) {
        super(message);
    }
}
