package io.socketz.client.repl;

import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import java.time.Instant;
import java.util.List;
import org.jline.reader.impl.history.DefaultHistory;

/** A history without secrets: it keeps no line with a command that has one, after a local command neither. */
final class OpenHistory extends DefaultHistory {
    private final List<String> secrets;

    OpenHistory(CommandTable commands) {
        this.secrets = commands.rows().stream()
                .filter(CommandRow::isSecret)
                .map(CommandRow::words)
                .toList();
    }

    @Override
    public void add(Instant time, String line) {
        if (!hasSecret(line)) {
            super.add(time, line);
        }
    }

    private boolean hasSecret(String line) {
        String[] words = line.strip().split("\\s+", -1);
        for (int i = 0; i < words.length - 1; i++) {
            if (secrets.stream().anyMatch(words[i]::equalsIgnoreCase)) {
                return true;
            }
        }
        return false;
    }
}
