package io.socketz.it.cli;

import io.socketz.it.TopologyException;
import io.socketz.server.cli.Main;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say which topology of this machine a command is about. */
final class ProjectOptions {
    /** The longest address of a Unix domain socket: 104 bytes on macOS, 108 on Linux, including a zero byte. */
    private static final int LONGEST_SOCKET_BYTES = 100;

    private static final String DEFAULT_PROJECT = "socketz";
    private static final Path DEFAULT_DATA = Path.of(System.getProperty("user.home"), ".socketz");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

    @Option(
            names = "--project",
            paramLabel = "NAME",
            converter = Name.class,
            defaultValue = DEFAULT_PROJECT,
            description = "Name of the topology, if several run side by side (default: ${DEFAULT-VALUE}).")
    private String project = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of data and logs, with a folder for each project (default: ~/.socketz).")
    private Path data = DEFAULT_DATA;

    String project() {
        return project;
    }

    Path data() {
        return data.toAbsolutePath();
    }

    /** A command line about this project, to type next. */
    String command(String words) {
        return Main.launcher() + " " + words + (project.equals(DEFAULT_PROJECT) ? "" : " --project " + project)
                + (data.equals(DEFAULT_DATA) ? "" : " --data " + quoted(data.toString()));
    }

    /** Quoted for a shell. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The folder of this project. */
    Path folder() {
        return data().resolve(project);
    }

    /** The socket of the process that runs the topology. */
    Path socket() {
        Path socket = folder().resolve("socket");
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_BYTES) {
            throw new TopologyException(
                    "'" + data() + "': this path is too long for a socket: choose another with --data");
        }
        return socket;
    }

    /** The name of a folder: lower-case letters, digits, {@code -} and {@code _}. */
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
