package io.socketz.protocol.request;

/** The arguments of a command are not those of its row. The message says what was expected, and never repeats what was sent. */
public final class BadArgumentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** The code of the error line for any argument without a code of its own. */
    static final String CODE = "BAD_ARGUMENT";

    private final String code;

    BadArgumentException(String code, String message) {
        super(message);
        this.code = code;
    }

    BadArgumentException(String message) {
        this(CODE, message);
    }

    /** The code of the error line: {@code BAD_ARGUMENT}, {@code BAD_NAME}. */
    public String code() {
        return code;
    }

    /** {@code expected LIMIT and a number from 1 to 10000}. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
