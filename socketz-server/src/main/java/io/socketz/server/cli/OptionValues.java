package io.socketz.server.cli;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.time.TimeText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of values that options take, each with a message for a wrong one. */
public final class OptionValues {
    private OptionValues() {}

    /** Registers how {@code line} reads times and numbers, for options without a converter of their own. */
    static void register(CommandLine line) {
        line.registerConverter(Duration.class, new Time());
        line.registerConverter(Path.class, new FilePath());
        line.registerConverter(Integer.class, value -> Math.toIntExact(wholeNumber(value, Integer.MAX_VALUE)));
        line.registerConverter(int.class, value -> Math.toIntExact(wholeNumber(value, Integer.MAX_VALUE)));
        line.registerConverter(Long.class, value -> wholeNumber(value, Long.MAX_VALUE));
        line.registerConverter(long.class, value -> wholeNumber(value, Long.MAX_VALUE));
        line.registerConverter(Boolean.class, new Flag());
        line.registerConverter(boolean.class, new Flag());
    }

    /** Any number from minus {@code most} to {@code most}: picocli would say "is not a long". */
    private static long wholeNumber(String value, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= -most && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + value + "' is not a whole number");
        }
        throw new TypeConversionException("'" + value + "' is too large a number");
    }

    /** As picocli reads flags, but it would say "is not a boolean". */
    private static final class Flag implements ITypeConverter<Boolean> {
        @Override
        public Boolean convert(String value) {
            if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
                return Boolean.valueOf(value);
            }
            throw new TypeConversionException("'" + value + "' is not true or false");
        }
    }

    /** A path, which must not be empty: it would be the current folder. */
    private static final class FilePath implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            if (value.isEmpty()) {
                throw new TypeConversionException("'' is not a path");
            }
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw new TypeConversionException("'" + value + "' is not a path");
            }
        }
    }

    /** A port: 0 to 65535. */
    public static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return number(value, 0, 65_535);
        }
    }

    /** A number of things, 0 or more. */
    public static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return number(value, 0, 1_000_000_000);
        }
    }

    /** A size, 1 or more. */
    static final class Size implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return number(value, 1, 1_000_000_000);
        }
    }

    /** A number within a range; throws {@link TypeConversionException} for anything else. */
    public static int number(String value, int least, int most) {
        String range = "'" + value + "' is not a number from " + least + " to " + most;
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException(range);
        }
        throw new TypeConversionException(range);
    }

    /** Bytes: {@code 1000}, {@code 64k}, {@code 256m}, {@code 2g}; the letters stand for 1024, its square and its cube. */
    static final class Bytes implements ITypeConverter<Long> {
        private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})([kmg]?)");

        @Override
        public Long convert(String value) {
            Matcher matcher = FORMAT.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + value + "' is not a size like 1000, 64k, 256m or 2g");
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "k" -> number << 10;
                case "m" -> number << 20;
                case "g" -> number << 30;
                default -> number;
            };
        }
    }

    /** A time, in the form of {@link TimeText}. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            try {
                return TimeText.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Address blocks: {@code 10.0.0.0/8,::1}. */
    static final class Blocks implements ITypeConverter<CidrSet> {
        @Override
        public CidrSet convert(String value) {
            try {
                return CidrSet.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
