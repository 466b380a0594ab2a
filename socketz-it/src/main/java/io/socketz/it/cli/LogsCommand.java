package io.socketz.it.cli;

import io.socketz.it.TopologyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code socketz logs}: reads the file itself; the process that runs the topology tells where it is, and when all has
 * ended.
 */
@Command(name = "logs", description = "Shows the log of a member.", mixinStandardHelpOptions = true)
final class LogsCommand extends AskCommand.OfMember {
    private static final int INTERVAL_MILLIS = 100;

    @Option(
            names = {"-f", "--follow"},
            fallbackValue = "true", // or else picocli takes it for "the opposite" of SOCKETZ_FOLLOW
            description = "Keep printing new lines, across restarts, until Ctrl-C or the end of the topology.")
    private boolean follow;

    @Override
    int ask(ProjectOptions options, String question, PrintWriter out, PrintWriter err) {
        List<String> path = new ArrayList<>();
        int status = Question.ask(options, question, path::add, err);
        if (status != 0) {
            return status;
        }
        try (Tail log = new Tail(Path.of(path.get(0)), out)) {
            log.show();
            return follow ? follow(log, options, out, err) : 0;
        } catch (IOException e) {
            throw new TopologyException("cannot read the log: " + e);
        }
    }

    private static int follow(Tail log, ProjectOptions options, PrintWriter out, PrintWriter err) throws IOException {
        FutureTask<Integer> end = new FutureTask<>(() -> Question.ask(options, "end", line -> {}, err));
        Thread thread = new Thread(end, "end of the topology");
        thread.setDaemon(true);
        thread.start();
        while (!out.checkError()) { // ends when the reader is gone, such as head
            try {
                int status = end.get(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
                log.show();
                return status;
            } catch (TimeoutException e) {
                log.show();
            } catch (ExecutionException e) {
                log.show();
                throw new TopologyException("project '" + options.project() + "' has just ended");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 1;
            }
        }
        return 0;
    }
}
