package io.socketz.state.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be read, in words for people: Java's own messages are the bare name of the file. */
public final class FileFailures {
    private FileFailures() {}

    /** What {@code failure} means, without the name of the file. */
    public static String why(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        return failure instanceof AccessDeniedException ? "permission denied" : String.valueOf(failure.getMessage());
    }
}
