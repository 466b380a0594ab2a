package io.socketz.server.cli;

import io.socketz.server.log.LogFormat;
import io.socketz.server.log.LogLevel;
import io.socketz.server.log.LogSettings;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code serve} that say what it prints. */
final class LogOptions {
    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            converter = FormatName.class,
            completionCandidates = FormatName.class,
            defaultValue = "plain",
            description =
                    "Format of the log: plain (messages alone), text (with time, level and server), json (one object a"
                            + " line) or journal (for journald) (default: ${DEFAULT-VALUE}).")
    private LogFormat format = LogFormat.PLAIN;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            converter = LevelName.class,
            completionCandidates = LevelName.class,
            defaultValue = "info",
            description = "What is printed: error, warning, info or debug; each includes those before it (default:"
                    + " ${DEFAULT-VALUE}).")
    private LogLevel level = LogLevel.INFO;

    @Option(
            names = {"-v", "--verbose"},
            fallbackValue = "true", // or else picocli takes -v for "the opposite" of what is set elsewhere
            description = "The same as --log-level debug: print replies and every end of a connection, too.")
    private boolean verbose;

    /** @param server its name; empty if it is not known before the start */
    LogSettings settings(String server) {
        return new LogSettings(format, verbose ? LogLevel.DEBUG : level, server);
    }

    /** {@code plain}, {@code text}, {@code json} or {@code journal}; also what completion offers. */
    static final class FormatName implements ITypeConverter<LogFormat>, Iterable<String> {
        @Override
        public LogFormat convert(String value) {
            return Stream.of(LogFormat.values())
                    .filter(format -> format.text().equals(value))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("'" + value + "' is not plain, text, json or journal"));
        }

        @Override
        public Iterator<String> iterator() {
            return Stream.of(LogFormat.values()).map(LogFormat::text).iterator();
        }
    }

    /** {@code error}, {@code warning}, {@code info} or {@code debug}; also what completion offers. */
    static final class LevelName implements ITypeConverter<LogLevel>, Iterable<String> {
        @Override
        public LogLevel convert(String value) {
            return Stream.of(LogLevel.values())
                    .filter(level -> level.text().equals(value))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("'" + value + "' is not error, warning, info or debug"));
        }

        @Override
        public Iterator<String> iterator() {
            return Stream.of(LogLevel.values()).map(LogLevel::text).iterator();
        }
    }
}
