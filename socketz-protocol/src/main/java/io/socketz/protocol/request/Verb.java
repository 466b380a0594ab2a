package io.socketz.protocol.request;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The command table: the one place that says which commands there are, in the order in which they are shown, which words
 * may stand behind each verb, and what that does. Parser, usage line, completion and the table of docs/protocol.md are
 * made from it or checked against it.
 */
public enum Verb {
    /** Asks why. */
    WHY(new Form(new Command.Why(), "the answer to everything")),
    /** Asks who is connected. */
    WHO(
            new Form(new Command.Who(), "all clients of all servers, in the order they joined, and how many they are"),
            new Form(
                    new Command.WhoFresh(),
                    "the same, at least as new as the question if that can be had in 500 ms, and whether it is")),
    /** Asks which server this is. */
    WHERE(new Form(new Command.Where(), "the server's id, a UUID new at every start")),
    /** Ends the session. */
    QUIT(new Form(new Command.Quit(), "closes the connection, after everything before it was answered"));

    /** What a server understands: {@code use 'WHY', 'WHO', 'WHERE', 'QUIT'}. */
    public static final String USAGE =
            Arrays.stream(values()).map(verb -> "'" + verb + "'").collect(Collectors.joining(", ", "use ", ""));

    private final Word word;

    /** The one without arguments is the first. */
    private final Form[] forms;

    Verb(Form... forms) {
        this.word = new Word(name());
        this.forms = forms;
    }

    /** The rows of this verb: first the one without arguments. */
    public List<Form> forms() {
        return List.of(forms);
    }

    /** What the command does without arguments, in a few words. */
    public String help() {
        return forms[0].help();
    }

    /** The command that this verb alone, without arguments, stands for. */
    public Command command() {
        return forms[0].command();
    }

    /** Whether this is the verb of {@code length} bytes that {@link Word#pack} packed. */
    boolean is(long packed, int length) {
        return word.is(packed, length);
    }

    /** What this verb asks for with the words in {@code buffer[from, to)} behind it: a command, or an invalid one. */
    Request read(byte[] buffer, int from, int to) {
        for (Form form : forms) {
            if (form.takes(buffer, from, to)) {
                return form.command();
            }
        }
        return Request.Invalid.INSTANCE;
    }
}
