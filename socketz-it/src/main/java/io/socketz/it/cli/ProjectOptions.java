package io.socketz.it.cli;

import io.socketz.it.TopologyException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which topology of this machine is meant. */
final class ProjectOptions {
    /** Of a Unix domain socket's address: 104 bytes on macOS, 108 on Linux, a zero byte included. */
    private static final int LONGEST_SOCKET = 100;

    private static final String DEFAULT_PROJECT = "socketz";
    private static final Path DEFAULT_DATA = Path.of(System.getProperty("user.home"), ".socketz");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

    @Option(
            names = "--project",
            paramLabel = "NAME",
            converter = Name.class,
            defaultValue = DEFAULT_PROJECT,
            description = "Tells topologies side by side apart (default: ${DEFAULT-VALUE}).")
    private String project = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data and logs are, in a folder for each project (default: ~/.socketz).")
    private Path data = DEFAULT_DATA;

    String project() {
        return project;
    }

    Path data() {
        return data.toAbsolutePath();
    }

    /** A command line about this project, to be typed in the checkout. */
    String command(String words) {
        return "./socketz " + words + (project.equals(DEFAULT_PROJECT) ? "" : " --project " + project)
                + (data.equals(DEFAULT_DATA) ? "" : " --data " + quoted(data.toString()));
    }

    /** As a word for a shell. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The folder of this project. */
    Path folder() {
        return data().resolve(project);
    }

    /** Where the one who runs the topology is asked. */
    Path socket() {
        Path socket = folder().resolve("socket");
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET) {
            throw new TopologyException("'" + data() + "' is too long a path for a socket: choose another with --data");
        }
        return socket;
    }

    /** Lower-case letters, digits, {@code -} and {@code _}: a folder's name. */
    static final class Name implements ITypeConverter<String> {
        private static final Pattern FORMAT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");

        @Override
        public String convert(String value) {
            if (!FORMAT.matcher(value).matches()) {
                throw new TypeConversionException(
                        "'" + value + "' is not a name of 1 to 32 letters a to z, digits, '-' and '_'");
            }
            return value;
        }
    }
}
