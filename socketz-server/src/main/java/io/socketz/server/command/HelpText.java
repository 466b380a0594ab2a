package io.socketz.server.command;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The answers to {@code HELP}, made once: for all commands, and for those of each verb. */
final class HelpText {
    /** How many verbs an error names: with eight letters each, they fit into a line. */
    private static final int MAX_NAMED_VERBS = 90;

    private final Function<CommandRow, String> help;
    private final byte[] all;
    private final Map<String, byte[]> byVerb = new HashMap<>();
    private final byte[] unknownVerb;

    /** @param help what is said about a row */
    HelpText(CommandTable commands, Function<CommandRow, String> help) {
        this.help = help;
        List<CommandRow> rows = commands.rows();
        all = format(rows);
        Map<String, List<CommandRow>> rowsByVerb = rows.stream().collect(Collectors.groupingBy(HelpText::verb));
        rowsByVerb.forEach((verb, own) -> byVerb.put(verb, format(own)));
        List<String> verbs = rows.stream().map(HelpText::verb).distinct().toList();
        String named = verbs.stream().limit(MAX_NAMED_VERBS).collect(Collectors.joining(", "));
        String others = verbs.size() > MAX_NAMED_VERBS ? ", ..." : "";
        unknownVerb = new Reply.Failure("UNKNOWN_COMMAND", "expected one of " + named + others).toBytes();
    }

    /** The commands of {@code verb}, in any case, or an error if there are none; all commands if it is empty. */
    byte[] answer(String verb) {
        return verb.isEmpty() ? all : byVerb.getOrDefault(verb.toUpperCase(Locale.ROOT), unknownVerb);
    }

    private byte[] format(List<CommandRow> rows) {
        return new Block.Commands(rows.stream()
                        .map(row -> new CommandRecord(row.syntax(), help.apply(row)))
                        .toList())
                .toBytes();
    }

    private static String verb(CommandRow row) {
        return row.words().split(" ", 2)[0];
    }
}
