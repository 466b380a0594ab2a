package io.socketz.client.bench;

import io.socketz.protocol.json.JsonText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * A result as people and programs read it.
 *
 * @param target the server as a user would write it
 * @param ceiling the most requests a second that this program could have measured; empty if unknown
 */
record Report(Load load, String target, Result result, OptionalDouble ceiling) {
    /** From this fraction of the ceiling on, the tool itself may be the bottleneck. */
    static final double NEAR = 0.8;

    private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 99.99);

    /** For people, in 80 columns. */
    String text(boolean withHistogram) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "%s to %s: %s, %,d in flight on each, %s%n",
                load.request().text(),
                target,
                many(load.connections(), "connection"),
                load.depth(),
                many(load.threads(), "thread")));
        out.append(String.format(
                Locale.ROOT,
                "%s requests/s, %s of replies; %,d in %.2f s%n",
                perSecond(result.rate()),
                megabytes(result.rate() * result.bytesPerReply()),
                result.requests(),
                result.seconds()));
        if (load.hasRate()) {
            out.append(String.format(
                    Locale.ROOT,
                    "target %s/s; latency counts from each request's scheduled time%n",
                    many(load.rate(), "request")));
        }
        if (result.latency().getTotalCount() > 0) {
            out.append(latencies());
        }
        if (withHistogram) {
            out.append('\n').append(TextHistogram.of(result.latency()));
        }
        ceiling.ifPresent(most -> out.append(String.format(
                Locale.ROOT,
                "this tool's ceiling here: %,.0f requests/s; this was %.0f %% of it%n",
                most,
                100 * result.rate() / most)));
        return out.toString();
    }

    /** A rate, with decimals where it is small: {@code 1.00}, {@code 12}, {@code 1,234,567}. */
    static String perSecond(double rate) {
        return String.format(Locale.ROOT, rate > 0 && rate < 9.995 ? "%.2f" : "%,.0f", rate);
    }

    private static String many(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    private static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%,.1f MB/s", bytes / 1e6);
    }

    private String latencies() {
        StringBuilder head = new StringBuilder("latency");
        StringBuilder values = new StringBuilder("       ");
        latency().forEach((name, nanoseconds) -> {
            head.append(String.format(Locale.ROOT, "%9s", name.replace('_', '.')));
            values.append(String.format(Locale.ROOT, "%9s", Times.text(nanoseconds)));
        });
        return head.append('\n').append(values).append('\n').toString();
    }

    /** Nanoseconds by name: {@code mean}, {@code p50}, {@code p99_9}. */
    private Map<String, Double> latency() {
        Histogram latency = result.latency();
        boolean any = latency.getTotalCount() > 0;
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("mean", any ? latency.getMean() : 0);
        values.put("min", any ? (double) latency.getMinValue() : 0);
        for (double percentile : PERCENTILES) {
            values.put(
                    "p"
                            + String.format(Locale.ROOT, percentile % 1 == 0 ? "%.0f" : "%s", percentile)
                                    .replace('.', '_'),
                    (double) latency.getValueAtPercentile(percentile));
        }
        values.put("max", (double) latency.getMaxValue());
        return values;
    }

    /** One object on one line, ended by LF. */
    String json() {
        return fields().entrySet().stream()
                .map(field -> JsonText.quoted(field.getKey()) + ":"
                        + (field.getValue() instanceof String text ? JsonText.quoted(text) : field.getValue()))
                .collect(Collectors.joining(",", "{", "}\n"));
    }

    /** A line of names and a line of values (RFC 4180, except that lines end with LF). */
    String csv() {
        return String.join(",", fields().keySet()) + "\n"
                + fields().values().stream().map(Report::cell).collect(Collectors.joining(",")) + "\n";
    }

    private static String cell(Object value) {
        String text = value.toString();
        return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** The fields of both formats: strings and numbers by name. */
    private Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("target", target);
        fields.put("request", load.request().text());
        fields.put("connections", load.connections());
        fields.put("pipeline", load.depth());
        fields.put("threads", load.threads());
        fields.put("rate", load.rate());
        fields.put("seconds", decimals(3, result.seconds()));
        fields.put("requests", result.requests());
        fields.put("requests_per_second", decimals(1, result.rate()));
        fields.put("bytes_per_reply", decimals(1, result.bytesPerReply()));
        latency().forEach((name, nanoseconds) -> fields.put(name + "_us", decimals(1, nanoseconds / 1e3)));
        fields.put("errors", result.errors());
        fields.put("unanswered", result.unanswered());
        fields.put("unasked", result.surplus());
        fields.put("connections_lost", result.lost());
        fields.put("ceiling_per_second", decimals(1, ceiling.orElse(0)));
        return fields;
    }

    /** A number as JSON writes it. */
    private static Number decimals(int places, double value) {
        return BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP);
    }

    /** What the user should know about the result, one line each. */
    List<String> warnings() {
        return new Warnings(load, result, ceiling).lines();
    }
}
