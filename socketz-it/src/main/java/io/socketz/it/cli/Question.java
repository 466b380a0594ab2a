package io.socketz.it.cli;

import io.socketz.it.TopologyException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A question to the process that runs a topology: one line, {@code kill server01 server02}. The answer is lines for standard
 * output and standard error, {@code out TEXT} and {@code err TEXT}, and at the end the exit status, {@code exit 0}.
 */
final class Question {
    static final String OUT = "out ";
    static final String ERR = "err ";
    static final String EXIT = "exit ";

    /** Behind {@code ps}: the answer is for programs. */
    static final String JSON = "json";

    private Question() {}

    /**
     * Asks, and passes on each line of the answer as it comes.
     *
     * @param out gets the lines of the answer
     * @param err gets the errors
     * @return the exit status
     * @throws TopologyException if no process runs that topology
     */
    static int ask(ProjectOptions options, String question, Consumer<String> out, PrintWriter err) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(options.socket()))) {
            ByteBuffer line = ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                var unused = channel.write(line);
            }
            BufferedReader reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            for (String answer = reader.readLine(); answer != null; answer = reader.readLine()) {
                if (answer.startsWith(OUT)) {
                    out.accept(answer.substring(OUT.length()));
                } else if (answer.startsWith(ERR)) {
                    err.println(answer.substring(ERR.length()));
                } else if (answer.startsWith(EXIT)) {
                    return Integer.parseInt(answer.substring(EXIT.length()));
                }
            }
            throw new TopologyException("project '" + options.project() + "' has just ended");
        } catch (IOException e) {
            if (isAnothers(options)) {
                throw new TopologyException("project '" + options.project() + "' in '" + options.data()
                        + "' is another user's: see --data");
            }
            throw new TopologyException(
                    "project '" + options.project() + "' is not up: '" + options.command("up") + "' starts it");
        }
    }

    private static boolean isAnothers(ProjectOptions options) {
        Path socket = options.socket();
        return Stream.of(options.data(), options.folder())
                        .anyMatch(folder -> Files.exists(folder) && !Files.isExecutable(folder))
                || (Files.exists(socket) && !Files.isWritable(socket));
    }
}
