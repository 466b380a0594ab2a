package io.socketz.it.cli;

import java.io.PrintWriter;

/** Writes the answer to a {@link Question}. */
record Answer(PrintWriter writer) {
    void out(String line) {
        writer.println(Question.OUT + line);
    }

    /** Returns the exit status of a failure. */
    int fail(String verb, String line) {
        writer.println(Question.ERR + "socketz " + verb + ": " + line.replace("\n", "\n" + Question.ERR));
        return 1;
    }
}
