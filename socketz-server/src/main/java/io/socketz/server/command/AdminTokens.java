package io.socketz.server.command;

import io.socketz.state.file.FileFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of administrators: a file with a line for each, the SHA-256 of the token in hexadecimal digits, perhaps followed
 * by a blank and a comment. Blank lines and those that begin with {@code #} are skipped.
 *
 * <p>The file is read again when it has changed. While it cannot be read, or has a line of another form, no token is right.
 * Its owner is the query thread, since a disk may keep it waiting.
 */
public final class AdminTokens {
    private static final int MAX_BYTES = 64 << 10;

    /** A file that was written so recently may be written again at what its file system takes for the same time. */
    private static final long SAME_TIME_MILLIS = 2000;

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64})(?:\\s.*)?");

    /** What tells one content of the file from the next. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) { // a pipe would keep whoever opens it waiting
                throw new MalformedException(file + ": is not a regular file");
            }
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    private final Path file;
    private final long wrongTokenNanos;
    private final Consumer<String> warnings;

    private List<byte[]> hashes;

    /** Of the content that was read last; null if the next one may look the same. */
    private @Nullable Stamp stamp;

    /** What was wrong with the file when it was last looked at; empty if nothing was. */
    private String fault = "";

    private AdminTokens(Path file, long wrongTokenNanos, Consumer<String> warnings) throws IOException {
        this.file = file;
        this.wrongTokenNanos = wrongTokenNanos;
        this.warnings = warnings;
        this.hashes = read();
    }

    /**
     * Reads the tokens in {@code file}.
     *
     * @param wrongTokenNanos how long a wrong token takes
     * @param warnings hears, once, that the file has become unusable
     * @throws IOException if it is not such a file; its message is one line that begins with the file's name
     */
    public static AdminTokens open(Path file, long wrongTokenNanos, Consumer<String> warnings) throws IOException {
        return new AdminTokens(file, wrongTokenNanos, warnings);
    }

    /** How long a wrong token takes: so that guessing does too. */
    long wrongTokenNanos() {
        return wrongTokenNanos;
    }

    /** Whether {@code token} is one of these. How long this takes does not tell how much of it is right. */
    boolean admit(String token) {
        refresh();
        byte[] hash = sha256(token);
        boolean found = false;
        for (byte[] known : hashes) {
            found |= MessageDigest.isEqual(known, hash);
        }
        return found;
    }

    private void refresh() {
        try {
            if (stamp == null || !stamp.equals(Stamp.of(file))) {
                hashes = read();
            }
            fault = "";
        } catch (IOException e) {
            hashes = List.of();
            stamp = null;
            String why = String.valueOf(explained(e).getMessage());
            if (!fault.equals(why)) {
                fault = why;
                warnings.accept("--admin-tokens: nobody is admitted: " + why);
            }
        }
    }

    private List<byte[]> read() throws IOException {
        try {
            Stamp before = Stamp.of(file);
            try (InputStream in = Files.newInputStream(file)) {
                List<byte[]> read = parse(in.readNBytes(MAX_BYTES + 1));
                boolean settled = System.currentTimeMillis() - before.modified.toMillis() > SAME_TIME_MILLIS;
                stamp = settled ? before : null;
                return read;
            }
        } catch (IOException e) {
            throw explained(e);
        }
    }

    private List<byte[]> parse(byte[] bytes) throws MalformedException {
        if (bytes.length > MAX_BYTES) {
            throw new MalformedException(file + ": is longer than " + MAX_BYTES + " bytes");
        }
        List<byte[]> read = new ArrayList<>();
        // Comments may be in any encoding.
        List<String> lines =
                new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                // Without the line: it may be a token that somebody has not hashed.
                throw new MalformedException(
                        file + ": line " + (i + 1) + " does not begin with a SHA-256 of 64 hexadecimal digits");
            }
            read.add(HexFormat.of().parseHex(matcher.group(1)));
        }
        return read;
    }

    private IOException explained(IOException e) {
        if (e instanceof MalformedException) {
            return e;
        }
        return new MalformedException(file + ": " + FileFailures.why(e));
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Its message says what is wrong with which file. */
    private static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }
}
