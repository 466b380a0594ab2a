package io.socketz.protocol.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.Reference;
import io.socketz.protocol.Splits;
import io.socketz.protocol.line.LineFramer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random input in random pieces with random pauses, compared with what {@link Reference} finds in the whole input.
 * {@code -Dsocketz.seed=N} reproduces a run.
 */
class DecoderFuzzTest {
    private static final int INPUTS = 60_000;

    /** Small limits, which short input can reach and exceed, and the real one. */
    private static final int[] MAX_LENGTHS = {1, 3, 5, 8, 40, LineFramer.DEFAULT_MAX_LENGTH};

    private static final String[] WORDS = words();

    /** Bytes with a meaning to the telnet filter, framer or parser. */
    private static final byte[] TELLING =
            "\n\r\0 \tYW\u00f0\u00f1\u00fa\u00fb\u00fc\u00fd\u00fe\u00ff\u0001".getBytes(ISO_8859_1);

    private final long seed = Long.getLong("socketz.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void theDecoderFindsTheSameRequestsAndRefusalsAsTheReference() {
        Map<String, Integer> seen = new HashMap<>();
        int refusals = 0;
        for (int i = 0; i < INPUTS; i++) {
            int maxLength = MAX_LENGTHS[random.nextInt(MAX_LENGTHS.length)];
            byte[] input = input(maxLength);
            int[] ends =
                    random.nextInt(8) == 0 ? Splits.byteByByte(input.length) : Splits.random(random, 6, input.length);
            int pauses = random.nextInt(4); // so many in four requests, on average

            Reference.Telnet telnet = Reference.telnet(input);
            List<Request> expected = Reference.lines(telnet.data(), maxLength).stream()
                    .map(Reference::request)
                    .toList();
            Listener listener = new Listener(pauses);
            try {
                decode(input, ends, maxLength, listener);
                assertThat(listener.requests.stream().map(Reference::withoutText))
                        .isEqualTo(expected);
                assertThat(listener.refusals).isEqualTo(telnet.refusals());
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "-Dsocketz.seed=" + seed + ", input " + i + ": "
                                + HexFormat.of().formatHex(input) + " split at " + Arrays.toString(ends) + ", "
                                + maxLength + " bytes at most",
                        e);
            }
            expected.forEach(request -> seen.merge(kind(request), 1, Integer::sum));
            refusals += telnet.refusals().size();
        }
        int commands = Reference.TABLE.rows().size();
        // The generator reaches every case, and often.
        assertThat(seen).as("-Dsocketz.seed=%d", seed).hasSize(commands + 4);
        assertThat(seen.values()).as("-Dsocketz.seed=%d, %s", seed, seen).allMatch(count -> count > INPUTS / 400);
        assertThat(refusals).as("-Dsocketz.seed=%d", seed).isGreaterThan(INPUTS / 50);
    }

    /** A short line of each row, and words that are not commands. */
    private static String[] words() {
        List<String> words =
                new ArrayList<>(List.of("HELLO", "W", "WHO LONG LIMIT 7\tFRESH", "NAME a-1", "KICK ADDR ::1 DRYRUN"));
        for (CommandRow row : Reference.TABLE.rows()) {
            String line = Reference.command(row).line();
            words.add(line);
            words.add(line.toLowerCase(Locale.ROOT));
            words.add(
                    line.charAt(0) + line.substring(1).toLowerCase(Locale.ROOT).replace(" ", "\t "));
        }
        return words.toArray(String[]::new);
    }

    /** Identifies a command by its row, whatever text follows. */
    private static String kind(Request request) {
        if (request instanceof Request.BadArgument) {
            return "bad argument";
        }
        return request instanceof Command command ? command.row().words() : request.toString();
    }

    private static void decode(byte[] input, int[] ends, int maxLength, Listener listener) {
        RequestDecoder decoder = new RequestDecoder(Reference.TABLE, maxLength, listener);
        Splits.feed(input, ends, (buffer, from, to) -> {
            decoder.decode(buffer, from, to);
            // The listener and the decoder must agree on whether there is a pause.
            while (listener.paused || decoder.isPaused()) {
                if (!(listener.paused && decoder.isPaused())) {
                    throw new AssertionError("paused: " + decoder.isPaused() + ", asked for: " + listener.paused);
                }
                listener.paused = false;
                decoder.resume();
            }
        });
    }

    /** A sequence of parts, each of which is a line, a telnet command or noise. */
    private byte[] input(int maxLength) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (int parts = random.nextInt(10); parts > 0; parts--) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> line(input);
                case 3 -> lineNearTheLimit(input, maxLength);
                case 4 -> telnet(input);
                case 5 -> some(input, TELLING, random.nextInt(8));
                case 6 -> some(input, bytes(1 + random.nextInt(9)), random.nextInt(8));
                default -> input.write('\n');
            }
        }
        return input.toByteArray();
    }

    /** A command that may have blanks, an argument, or a telnet command between its letters. */
    private void line(ByteArrayOutputStream input) {
        some(input, new byte[] {' ', '\t'}, random.nextInt(10) - 7);
        for (byte b : WORDS[random.nextInt(WORDS.length)].getBytes(ISO_8859_1)) {
            if (random.nextInt(40) == 0) {
                telnet(input);
            }
            input.write(b);
        }
        if (random.nextInt(6) == 0) {
            input.write(' ');
            some(input, TELLING, random.nextInt(3));
        }
        end(input);
    }

    /** From two bytes below the limit to three above; mostly blanks, so that a verb in it is still valid. */
    private void lineNearTheLimit(ByteArrayOutputStream input, int maxLength) {
        int length = maxLength - 2 + random.nextInt(6);
        byte[] line = new byte[Math.max(0, random.nextInt(30) == 0 ? 3 * length : length)];
        Arrays.fill(line, (byte) (random.nextBoolean() ? ' ' : 'x'));
        String word = random.nextInt(4) == 0 ? "\r" : WORDS[random.nextInt(WORDS.length)];
        if (word.length() <= line.length && random.nextBoolean()) {
            byte[] letters = word.getBytes(ISO_8859_1);
            System.arraycopy(letters, 0, line, line.length - letters.length, letters.length);
        }
        input.writeBytes(line);
        end(input);
    }

    private void end(ByteArrayOutputStream input) {
        switch (random.nextInt(12)) {
            case 0 -> input.write('\r');
            case 1 -> input.writeBytes(new byte[] {'\r', 0});
            case 2 -> input.writeBytes(new byte[] {'\r', '\r', '\n'});
            case 3, 4, 5, 6 -> input.writeBytes(new byte[] {'\r', '\n'});
            default -> input.write('\n');
        }
    }

    private void telnet(ByteArrayOutputStream input) {
        input.write(255);
        switch (random.nextInt(4)) {
            case 0 -> input.write(255);
            case 1 -> input.write(random.nextInt(256));
            case 2 -> {
                input.write(251 + random.nextInt(4));
                input.write(random.nextInt(256));
            }
            default -> {
                input.write(250);
                some(input, TELLING, random.nextInt(6));
                if (random.nextInt(10) > 0) {
                    input.writeBytes(new byte[] {(byte) 255, (byte) 240});
                }
            }
        }
    }

    private void some(ByteArrayOutputStream input, byte[] of, int count) {
        for (int i = 0; i < count; i++) {
            input.write(of[random.nextInt(of.length)]);
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Records requests and refusals, pauses at random, and fails if it hears of anything during a pause. */
    private final class Listener implements RequestDecoder.Listener {
        final List<Request> requests = new ArrayList<>();
        final List<String> refusals = new ArrayList<>();
        final int pauses;
        boolean paused;

        Listener(int pauses) {
            this.pauses = pauses;
        }

        @Override
        public boolean onRequest(Request request) {
            if (paused) {
                throw new AssertionError("heard of " + request + " during a pause");
            }
            requests.add(request);
            paused = random.nextInt(4) < pauses;
            return !paused;
        }

        @Override
        public void onRefusal(byte[] sequence) {
            refusals.add(HexFormat.of().formatHex(sequence));
        }
    }
}
