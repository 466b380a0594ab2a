package io.socketz.server.cli;

import io.socketz.state.file.FileFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A file with options of a command, in the format of {@link java.util.Properties}, in UTF-8: {@code port = 8080} stands for
 * {@code --port=8080}. Each option may stand in it once, except {@code --config}, {@code --check}, {@code --help} and {@code --version}.
 */
final class SettingsFile {
    private static final int MAX_BYTES = 1 << 20;

    /** Options that say what to do, rather than how to serve. */
    private static final Set<String> NO_SETTINGS = Set.of("--config", "--check");

    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final Path file;
    private final Map<String, SettingsText.Setting> settings;

    private SettingsFile(Path file, Map<String, SettingsText.Setting> settings) {
        this.file = file;
        this.settings = settings;
    }

    /**
     * Reads {@code file}.
     *
     * @param command whose options it may have
     * @throws IOException if it cannot be read, is malformed, or has a key that is no option; its message is one line that
     *     begins with the file's name
     */
    static SettingsFile read(Path file, CommandSpec command) throws IOException {
        String text = text(file);
        try {
            SettingsFile read = new SettingsFile(
                    file, SettingsText.parse(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text));
            read.refuseUnknown(command);
            return read;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new IOException(file + ": " + FileFailures.why(e), e);
        }
        if (bytes.length > MAX_BYTES) { // some files, such as /dev/zero, never end
            throw new IOException(file + ": is longer than " + MAX_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is not UTF-8", e);
        }
    }

    private void refuseUnknown(CommandSpec command) {
        List<String> known = command.options().stream()
                .filter(SettingsFile::isSetting)
                .map(SettingsFile::key)
                .toList();
        List<String> unknown = new ArrayList<>();
        settings.forEach((key, setting) -> {
            if (!known.contains(key)) {
                unknown.add(key + " in line " + setting.line() + suggestion(key, known, command));
            }
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("not an option of '" + command.qualifiedName() + "': "
                    + unknown.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    /** Keys are often copied from a command line or from variables: {@code --port}, {@code SOCKETZ_PORT}. */
    private static String suggestion(String key, Collection<String> known, CommandSpec command) {
        if (command.findOption("--" + key) != null) {
            return " (it belongs on the command line)";
        }
        String plain = key.replaceFirst("^(--?|SOCKETZ_)", "").replace('_', '-').toLowerCase(Locale.ROOT);
        return Spelling.nearest(plain, known)
                .map(similar -> " (did you mean " + similar + "?)")
                .orElse("");
    }

    /** Whether {@code option} says how to serve, not what else to do. */
    private static boolean isSetting(OptionSpec option) {
        return !option.usageHelp() && !option.versionHelp() && !NO_SETTINGS.contains(option.longestName());
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring("--".length());
    }

    /** What the file says of {@code option}; null if nothing. */
    @Nullable
    String value(OptionSpec option) {
        SettingsText.Setting setting = isSetting(option) ? settings.get(key(option)) : null;
        return setting == null ? null : setting.value();
    }

    /** Where it says that: {@code port in line 3 of socketz.properties}. */
    Optional<String> place(OptionSpec option) {
        return Optional.ofNullable(settings.get(key(option)))
                .map(setting -> key(option) + " in line " + setting.line() + " of " + file);
    }

    /** {@code 3 settings in socketz.properties}. */
    @Override
    public String toString() {
        return settings.size() + (settings.size() == 1 ? " setting" : " settings") + " in " + file;
    }
}
