package io.socketz.protocol.request;

/** A row of the command table: a verb with the words that stand behind it, if any, and what they ask for. */
public final class Form {
    private final Command command;
    private final String help;

    /** Of no letters where the verb stands alone. */
    private final Word argument;

    /** Made by {@link Verb} alone, and before there is one: it must not ask {@code command} for its verb. */
    Form(Command command, String help) {
        this.command = command;
        this.help = help;
        this.argument = new Word(command.arguments());
    }

    /** What it asks for; {@link Command#text} is how that is written. */
    public Command command() {
        return command;
    }

    /** What the command does, in a few words. */
    public String help() {
        return help;
    }

    /** Whether the words in {@code buffer[from, to)}, what stands behind the verb, are this row's. */
    boolean takes(byte[] buffer, int from, int to) {
        int start = Word.begin(buffer, from, to);
        int end = Word.end(buffer, start, to);
        return argument.is(Word.pack(buffer, start, end), end - start) && Word.begin(buffer, end, to) == to;
    }
}
