package io.socketz.client.console;

import java.io.Console;
import java.util.Map;

/** What is at the other end of standard input and output. */
public final class Terminals {
    private Terminals() {}

    /** Whether both are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // checked below
    public static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        if (Runtime.version().feature() < 22) {
            return true;
        }
        try { // Since 22, there is a console even without a terminal, and a method that tells them apart.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Whether the terminal can only print, according to {@code TERM}. */
    public static boolean isDumb(Map<String, String> environment) {
        String type = environment.getOrDefault("TERM", "");
        return type.isEmpty() || type.equals("dumb");
    }

    /** Whether colours are not wanted (<a href="https://no-color.org">no-color.org</a>). */
    public static boolean isWithoutColour(Map<String, String> environment) {
        return !environment.getOrDefault("NO_COLOR", "").isEmpty();
    }
}
