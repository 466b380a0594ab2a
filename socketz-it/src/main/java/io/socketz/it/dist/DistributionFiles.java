package io.socketz.it.dist;

import io.socketz.it.cli.SocketzMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * Writes what the distribution has beside jars and scripts: the manual page, the completion, and the unit of a Debian
 * package. The build runs it, with the system property that the launcher of a distribution sets.
 */
public final class DistributionFiles {
    /** Where the unit of infra/systemd expects the distribution. */
    private static final String UNPACKED = "/opt/socketz/bin/socketz";

    private DistributionFiles() {}

    /**
     * Writes the files.
     *
     * @param args the folder; the version; its time, {@code 2026-11-22T00:00:00Z}; the unit of infra/systemd
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        CommandLine line = SocketzMain.commandLine(Map.of());
        String date = args[2].substring(0, "2026-11-22".length());
        Files.write(folder.resolve("socketz.1.gz"), gzipped(ManPage.of(line, args[1], date)));
        Files.writeString(folder.resolve("socketz.bash"), AutoComplete.bash("socketz", line));
        Files.writeString(folder.resolve("_socketz"), ZshCompletion.of(line));
        String unit = Files.readString(Path.of(args[3]));
        if (!unit.contains(UNPACKED)) {
            throw new IOException(args[3] + " does not start " + UNPACKED);
        }
        Files.writeString(folder.resolve("socketz.service"), unit.replace(UNPACKED, "/usr/bin/socketz"));
    }

    /** The same bytes at any time: Java writes no time into them. */
    private static byte[] gzipped(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
