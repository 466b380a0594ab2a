package io.socketz.protocol.telnet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Removes telnet commands from a stream of bytes, and refuses every option that the other side offers or asks for, so
 * that a telnet client remains what it is before any negotiation: a terminal that sends whole lines.
 *
 * <p>Source: RFC 854 (commands, "IAC" to "SE"), RFC 855 (subnegotiation), RFC 1143 (why a refusal that changes nothing
 * may always be sent, and never loops). A doubled IAC is the data byte 255. Commands without an option (NOP, AYT, IP
 * and so on) are dropped.
 *
 * <pre>{@code
 *   DATA --IAC--> COMMAND --WILL,WONT,DO,DONT--> OPTION --any, refused--> DATA
 *                    |  |
 *                    |  +--SB--> SUBNEGOTIATION --IAC--> SUBNEGOTIATION_COMMAND --SE--> DATA
 *                    |               ^                              |
 *                    |               +-------------any but SE-------+
 *                    +--any other--> DATA   (IAC itself: the byte 255)
 * }</pre>
 *
 * <p>Memory: none but the state. Not thread-safe.
 */
public final class TelnetFilter {
    private static final byte SE = (byte) 240;
    private static final byte SB = (byte) 250;
    private static final byte WILL = (byte) 251;
    private static final byte WONT = (byte) 252;
    private static final byte DO = (byte) 253;
    private static final byte DONT = (byte) 254;
    private static final byte IAC = (byte) 255;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Sends refusals. */
    @FunctionalInterface
    public interface Refusals {
        /** Sends {@code sequence}, three bytes, to the telnet client. */
        void onRefusal(byte[] sequence);
    }

    private enum State {
        DATA,
        COMMAND,
        OPTION_OFFERED,
        OPTION_ASKED_FOR,
        OPTION_SETTLED,
        SUBNEGOTIATION,
        SUBNEGOTIATION_COMMAND
    }

    private State state = State.DATA;

    /** A filter outside of any command. */
    public TelnetFilter() {}

    /**
     * Removes the telnet commands from {@code buffer[from, to)}, in place: the data bytes move to the front.
     *
     * @return index after the last data byte, from {@code from} to {@code to}
     */
    public int filter(byte[] buffer, int from, int to, Refusals refusals) {
        if (state == State.DATA && !holdsCommand(buffer, from, to)) {
            return to;
        }
        int end = from;
        for (int i = from; i < to; i++) {
            byte b = buffer[i];
            if (state == (b == IAC ? State.COMMAND : State.DATA)) {
                buffer[end++] = b;
                state = State.DATA;
            } else {
                state = next(b, refusals);
            }
        }
        return end;
    }

    private State next(byte b, Refusals refusals) {
        return switch (state) {
            case DATA -> State.COMMAND;
            case COMMAND ->
                switch (b) {
                    case WILL -> State.OPTION_OFFERED;
                    case DO -> State.OPTION_ASKED_FOR;
                    case WONT, DONT -> State.OPTION_SETTLED;
                    case SB -> State.SUBNEGOTIATION;
                    default -> State.DATA;
                };
            case OPTION_OFFERED -> {
                refusals.onRefusal(new byte[] {IAC, DONT, b});
                yield State.DATA;
            }
            case OPTION_ASKED_FOR -> {
                refusals.onRefusal(new byte[] {IAC, WONT, b});
                yield State.DATA;
            }
            case OPTION_SETTLED -> State.DATA;
            case SUBNEGOTIATION -> b == IAC ? State.SUBNEGOTIATION_COMMAND : State.SUBNEGOTIATION;
            case SUBNEGOTIATION_COMMAND -> b == SE ? State.DATA : State.SUBNEGOTIATION;
        };
    }

    /** Whether any byte is IAC: eight at a time, since every byte that arrives is examined here. */
    private static boolean holdsCommand(byte[] buffer, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            // A byte of the inverse is zero where the byte was 255. This is the usual test for a zero byte in a word.
            long inverse = ~(long) LONG.get(buffer, i);
            if ((inverse - 0x0101010101010101L & ~inverse & 0x8080808080808080L) != 0) {
                return true;
            }
        }
        for (; i < to; i++) {
            if (buffer[i] == IAC) {
                return true;
            }
        }
        return false;
    }
}
