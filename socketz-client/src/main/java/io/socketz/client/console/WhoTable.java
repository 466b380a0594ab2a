package io.socketz.client.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The list of {@code WHO} in as many columns as fit, numbered in the order in which clients joined, down the columns as
 * {@code ls} does. Of a list that is too long, it shows the newest clients and the one that asks.
 */
public final class WhoTable {
    private static final String GAP = "  ";
    private static final String OWN = " (you)";

    private final List<String> clients;
    private final int width;
    private final int mostRows;
    private final String own;

    /**
     * A table.
     *
     * @param width of the window, 1 or more columns. A row is wider only if one client alone is
     * @param mostRows 1 or more; an extra line counts the oldest clients if they do not fit
     * @param own the address of the client that asks, which is marked; empty if unknown
     */
    public WhoTable(List<String> clients, int width, int mostRows, String own) {
        this.clients = clients;
        this.width = width;
        this.mostRows = mostRows;
        this.own = own;
    }

    /**
     * A line about the clients left out, if any, and the rows.
     *
     * @param ownInk colours the own address
     * @param rest how to see all
     */
    public List<String> lines(UnaryOperator<String> ownInk, String rest) {
        // The narrowest cell has one digit, a blank and a character: more columns than this cannot fit.
        int most = Math.max(1, width / (3 + GAP.length()));
        List<String> cells = cells((int) Math.max(0, clients.size() - (long) most * mostRows));
        if (cells.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        Layout layout = layout(cells, Math.min(most, cells.size()));
        int left = clients.size() - layout.shown;
        if (left > 0) {
            lines.add(leftOut(left, ownInk) + "; " + rest);
        }
        for (int row = 0; row < layout.rows; row++) {
            lines.add(layout.row(row, ownInk));
        }
        return lines;
    }

    /** The first {@code left} clients, in a few words. */
    private String leftOut(int left, UnaryOperator<String> ownInk) {
        int index = clients.subList(0, left).indexOf(own);
        if (index < 0) {
            return String.format(Locale.ROOT, "... %,d more before these", left);
        }
        String you = ownInk.apply(index + 1 + " " + Printable.of(own) + OWN);
        return left == 1 ? you : String.format(Locale.ROOT, "%s and %,d more before these", you, left - 1);
    }

    /** From the client at {@code from} to the newest. */
    private List<String> cells(int from) {
        int digits = Integer.toString(clients.size()).length();
        List<String> cells = new ArrayList<>(clients.size() - from);
        for (int i = from; i < clients.size(); i++) {
            String client = clients.get(i);
            String number = Integer.toString(i + 1);
            cells.add(" ".repeat(digits - number.length()) + number + " " + Printable.of(client)
                    + (client.equals(own) ? OWN : ""));
        }
        return cells;
    }

    /** As many columns as fit, {@code most} at most. */
    private Layout layout(List<String> cells, int most) {
        for (int columns = most; columns > 1; columns--) {
            Layout layout = new Layout(cells, columns);
            if (layout.width() <= width) {
                return layout;
            }
        }
        return new Layout(cells, 1);
    }

    private final class Layout {
        private final List<String> cells;
        private final int rows;
        private final int shown;
        private final int[] widths;

        private Layout(List<String> cells, int columns) {
            this.rows = Math.min(mostRows, (cells.size() + columns - 1) / columns);
            this.shown = (int) Math.min(cells.size(), (long) rows * columns);
            this.cells = cells.subList(cells.size() - shown, cells.size());
            this.widths = new int[(shown + rows - 1) / rows];
            for (int i = 0; i < shown; i++) {
                widths[i / rows] = Math.max(widths[i / rows], this.cells.get(i).length());
            }
        }

        private int width() {
            int sum = GAP.length() * (widths.length - 1);
            for (int each : widths) {
                sum += each;
            }
            return sum;
        }

        private String row(int row, UnaryOperator<String> ownInk) {
            StringBuilder line = new StringBuilder();
            for (int i = row; i < shown; i += rows) {
                String cell = cells.get(i);
                boolean last = i + rows >= shown;
                line.append(cell.endsWith(OWN) ? ownInk.apply(cell) : cell)
                        .append(last ? "" : " ".repeat(widths[i / rows] - cell.length()) + GAP);
            }
            return line.toString();
        }
    }
}
